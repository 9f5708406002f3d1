import { putProgramResponseSchema } from '@rewardbook/contracts/programs';
import type { Policy } from '@rewardbook/domain/policy';
import { describeApproval, orApproval } from './approval-needed.ts';
import type { ProgramApplyOptions } from './commands/program.ts';
import { findSystem } from './connection.ts';
import { Client, path, queryOf } from './http.ts';
import type { Io } from './io.ts';
import { printJson, printLine } from './output.ts';
import { readPolicy } from './policy-file.ts';

/** Applies a policy file and says which version it is, or whom it waits for. */
export async function applyProgram(file: string, { from, data, json }: ProgramApplyOptions, io: Io): Promise<void> {
  // Read first: a wrong file is said without a system, and with line and column.
  const policy = await readPolicy(file, io);
  const client = new Client(await findSystem(data, io), io.signal);
  const applied = await putPolicy(client, policy, from);
  client.close();
  if (json) return printJson(io, applied);
  if ('approval' in applied) return printLine(io, describeApproval(policy.program, applied));
  const validity = applied.validFrom === null ? 'from the beginning' : `from ${applied.validFrom}`;
  const outcome = applied.changed ? 'applied' : 'unchanged';
  await printLine(io, `${applied.program}: policy version ${applied.version} ${outcome}, valid ${validity}`);
}

export function putPolicy(client: Client, policy: Policy, from?: string) {
  return client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'PUT',
      path: path`/v1/programs/${policy.program}` + queryOf({ from }),
      body: JSON.stringify(policy),
      contentType: 'application/json',
    },
    orApproval(putProgramResponseSchema),
  );
}
