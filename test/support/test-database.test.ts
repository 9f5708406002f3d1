import postgres from 'postgres';
import { expect, it } from 'vitest';
import { createTestDatabase } from './test-database.ts';

it('gives each caller its own database, and the service a login without rights over the books', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const owner = postgres(first.ownerUrl, { max: 1 });
  const other = postgres(second.ownerUrl, { max: 1 });
  const service = postgres(first.serviceUrl, { max: 1 });
  try {
    await owner`CREATE TABLE only_here (n integer)`;
    expect(await other`SELECT to_regclass('only_here') AS found`).toEqual([{ found: null }]);
    expect(await service`SELECT count(*)::integer AS n FROM rewardbook.program`).toEqual([{ n: 0 }]);
    await expect(service`DELETE FROM rewardbook.program`).rejects.toMatchObject({ code: '42501' });
  } finally {
    await Promise.all([owner.end(), other.end(), service.end()]);
    await Promise.all([first.drop(), second.drop()]);
  }
});
