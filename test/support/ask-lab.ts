import type { LabJob } from '@rewardbook/contracts/api/lab';
import type { Composed } from '@rewardbook/runtime/serve';
import { expect } from 'vitest';

/** The answer to a question of the lab, as text. */
export async function askLab(
  { app }: Pick<Composed, 'app'>,
  headers: Readonly<Record<string, string>>,
  question: object,
): Promise<string> {
  const asked = await app.inject({ method: 'POST', url: '/v1/lab/questions?wait=20', headers, payload: question });
  expect(asked.statusCode, asked.body).toBe(200);
  const job: LabJob = asked.json();
  expect(job).toMatchObject({ state: 'done', failure: null });
  return (await app.inject({ url: `/v1/lab/jobs/${job.job}/answer`, headers })).body;
}
