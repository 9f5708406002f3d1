import { reportRowSchemas } from '@rewardbook/contracts/api/reports';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.ts';
import { describeWith, readXlsx } from '../../formats/test-tools.ts';
import { composeReports, openTestBooks, type TestBooks } from '../../service/test-books.ts';

let database: TestDatabase;
let service: Composed;
let books: TestBooks;
let headers: { authorization: string };

beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'demo', { currency: 'KWD' });
  headers = await books.key(['read']);
  await books.revenue('2025-09', '12345678901234567.890');
  await books.close('2025-09', [
    { creatorId: '=SUM(A1)', netLikes: 1, netFollows: 0 },
    { creatorId: 'ann', netLikes: 2, netFollows: 1 },
  ]);
  service = await composeReports(database);
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.end();
  await database?.drop();
});

const AMOUNTS: Readonly<Record<string, string>> = {
  payouts: 'gross',
  journal: 'running_balance',
  statement: 'balance',
  'trial-balance': 'balance',
  summary: 'revenue',
};

describeWith(['python3'], 'as XLSX, read by Python', () => {
  it.each(['payouts', 'journal', 'statement', 'trial-balance', 'summary'] as const)(
    '%s has the rows of the JSON',
    async (name) => {
      const path = `/v1/programs/demo/reports/${name}${name === 'statement' ? '?creator=ann&' : '?'}`;
      const { rows } = (await service.app.inject({ url: `${path}format=json`, headers })).json();
      const answer = await service.app.inject({ url: `${path}format=xlsx`, headers });
      expect(answer.headers['content-disposition']).toBe(`attachment; filename="demo-${name}.xlsx"`);
      const [[header = [], ...lines] = []] = readXlsx(answer.rawPayload);
      const amount = AMOUNTS[name] ?? '';
      expect(header[header.indexOf(amount) + 1]).toBe(`${amount}_text`);
      for (const column of Object.keys(reportRowSchemas[name].shape)) {
        const hasText = header.includes(`${column}_text`);
        const at = header.indexOf(hasText ? `${column}_text` : column);
        expect(lines.map((line) => line[at])).toEqual(rows.map((row: Record<string, unknown>) => row[column]));
      }
    },
  );
});

it('is sent if the Accept header asks for it', async () => {
  const accept = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const answer = await service.app.inject({
    url: '/v1/programs/demo/reports/summary',
    headers: { ...headers, accept },
  });
  expect(answer.headers['content-type']).toBe(accept);
  expect(answer.rawPayload.subarray(0, 2).toString()).toBe('PK');
});
