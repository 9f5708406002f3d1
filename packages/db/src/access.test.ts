import { randomBytes } from 'node:crypto';
import { canonicalName } from '@rewardbook/domain/values/canonical-name';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/support/people.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { createApiKey, findApiKey, listApiKeys, replaceApiKey, revokeApiKey, storeApiKey } from './api-keys.ts';
import { type AuditIntent, auditLog } from './audit-log.ts';
import { connect, query, type Sql } from './client.ts';
import { type AuditFilter, listAudit } from './lists/audit.ts';
import { ingestBatch } from './schema.ts';

let database: TestDatabase;
let service: Sql;
let owner: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  service = connect(database.serviceUrl, { max: 6 });
  owner = connect(database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await service.end();
  await owner.end();
  await database.drop();
});

const newHash = () => randomBytes(32);

interface Key {
  readonly keyId: number;
  /** in hex */
  readonly keyHash: string;
}

async function ownersKey(name: string, scopes: string[], expiresAt?: Date): Promise<Key> {
  const keyHash = newHash();
  await storeApiKey(owner, { name, keyHash, scopes, ...(expiresAt === undefined ? {} : { expiresAt }) });
  return { keyId: (await findApiKey(service, keyHash))?.keyId ?? 0, keyHash: keyHash.toString('hex') };
}

async function asked(
  by: Pick<Key, 'keyHash'>,
  name: string,
  scopes: string[],
  programs: string[] | null = null,
): Promise<Key> {
  const keyHash = newHash();
  const call = { caller: by.keyHash, name, keyHash, scopes, programs, expiresAt: null };
  const keyId = await createApiKey(service, call);
  return { keyId, keyHash: keyHash.toString('hex') };
}

const revoke = (by: Pick<Key, 'keyHash'>, keyId: number) => revokeApiKey(service, by.keyHash, keyId);

describe('API keys', () => {
  it('are made by a key that manages keys, with scopes that it has itself', async () => {
    const admin = await ownersKey('admin', ['approve', 'read']);
    const reader = await asked(admin, 'auditor', ['read']);
    const [listed] = await listApiKeys(service, { only: reader.keyId, of: null, after: 0, limit: 1 });
    expect(listed).toMatchObject({ name: 'auditor', scopes: ['read'], createdBy: 'admin', revokedAt: null });
    await expect(asked(admin, 'drafter', ['read', 'operate'])).rejects.toMatchObject({ code: 'scope-not-yours' });
    await expect(asked(reader, 'another', ['read'])).rejects.toMatchObject({ code: 'key-not-manager' });
  });

  it('have a name that no other working key has', async () => {
    const admin = await ownersKey('admin of names', ['approve']);
    const first = await asked(admin, 'siti', ['approve']);
    await expect(asked(admin, 'siti', ['approve'])).rejects.toMatchObject({ code: 'key-name-taken' });
    await revoke(admin, first.keyId);
    const second = await asked(admin, 'siti', ['approve']);
    expect(second.keyId).toBeGreaterThan(first.keyId);
    await owner`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE key_id = ${second.keyId}::bigint`;
    await asked(admin, 'siti', ['approve']);
    const both = await Promise.allSettled([1, 2, 3, 4].map(() => asked(admin, 'budi', ['approve'])));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('make no other once revoked or expired, whatever a service still remembers', async () => {
    const admin = await ownersKey('admin of keys', ['approve']);
    const leaked = await asked(admin, 'leaked', ['approve']);
    await revoke(admin, leaked.keyId);
    const expired = await ownersKey('expired', ['approve'], new Date(Date.now() - 1_000));
    for (const caller of [leaked, expired, { keyId: 0, keyHash: '00'.repeat(32) }]) {
      await expect(asked(caller, `of ${caller.keyId}`, ['approve'])).rejects.toMatchObject({ code: 'key-not-manager' });
      await expect(revoke(caller, admin.keyId)).rejects.toMatchObject({ code: 'key-not-manager' });
    }
  });

  describe('that are bound to programs', () => {
    let bound: Key;
    let unbound: Key;
    beforeAll(async () => {
      await owner`
        INSERT INTO program (slug, currency, digits, time_zone, period_kind)
        SELECT slug, 'USD', 2, 'UTC', 'month' FROM unnest('{one,two,three}'::text[]) AS slug`;
      unbound = await ownersKey('of all programs', ['approve', 'operate']);
      bound = await asked(unbound, 'of two programs', ['approve', 'operate'], ['one', 'two']);
    });

    it('are known with these', async () => {
      expect(await findApiKey(service, Buffer.from(bound.keyHash, 'hex'))).toMatchObject({ programs: ['one', 'two'] });
      expect(await findApiKey(service, Buffer.from(unbound.keyHash, 'hex'))).toMatchObject({ programs: null });
    });

    it('make keys for some of these, and for no others, whether they are there or not', async () => {
      const narrower = await asked(bound, 'of one', ['approve'], ['one']);
      await expect(asked(bound, 'of all', ['approve'])).rejects.toMatchObject({ code: 'programs-not-yours' });
      for (const stranger of ['three', 'nobodys']) {
        await expect(asked(bound, 'wider', ['approve'], ['one', stranger])).rejects.toMatchObject({
          code: 'program-unknown',
          message: `There is no program ${stranger}; apply its policy first.`,
        });
      }
      await expect(asked(narrower, 'back', ['approve'], ['two'])).rejects.toMatchObject({ code: 'program-unknown' });
      await expect(asked(unbound, 'of nothing', ['approve'], ['nobodys'])).rejects.toMatchObject({
        code: 'program-unknown',
      });
    });

    it('revoke and list those that are for no others than theirs', async () => {
      const own = await asked(unbound, 'their own', ['approve'], ['two']);
      const other = await asked(unbound, 'partly another', ['approve'], ['two', 'three']);
      for (const { keyId } of [other, unbound]) {
        await expect(revoke(bound, keyId)).rejects.toMatchObject({ code: 'key-unknown' });
      }
      await revoke(bound, own.keyId);
      const listed = await listApiKeys(service, { of: ['one', 'two'], after: 0, limit: 1000 });
      const ids = listed.map(({ keyId }) => keyId);
      expect(ids).toContain(own.keyId);
      expect(ids).toContain(bound.keyId);
      expect(ids).not.toContain(other.keyId);
      expect(ids).not.toContain(unbound.keyId);
    });

    it('act in the books of these alone, whatever service asks for them', async () => {
      const [{ programId: one } = { programId: 0 }, { programId: three } = { programId: 0 }] = await owner<
        { programId: number }[]
      >`SELECT program_id AS "programId" FROM program WHERE slug IN ('one', 'three') ORDER BY slug`;
      const act = (key: Key, program: number) => owner`SELECT actor_of(${key.keyHash}, 'operate', ${program}::integer)`;
      await act(bound, one);
      await act(unbound, three);
      await expect(act(bound, three)).rejects.toThrow('program-unknown');
      await expect(act(bound, 999_999)).rejects.toThrow('program-unknown');
    });
  });

  it('stay revoked by whom they were first', async () => {
    const admin = await ownersKey('first', ['approve']);
    const other = await ownersKey('second', ['approve']);
    const key = await asked(admin, 'gone', ['approve']);
    await revoke(admin, key.keyId);
    await revoke(other, key.keyId);
    const [listed] = await listApiKeys(service, { only: key.keyId, of: null, after: 0, limit: 1 });
    expect(listed).toMatchObject({ revokedBy: 'first' });
    await expect(revoke(admin, 999_999)).rejects.toMatchObject({ code: 'key-unknown' });
  });

  it('end those of their name where the owner puts them in their place; one that is known ends none', async () => {
    const admin = await ownersKey('admin of files', ['approve']);
    const [old, other] = [newHash(), newHash()];
    await replaceApiKey(owner, { name: 'of a file', keyHash: old, scopes: ['read'] });
    const made = await asked(admin, 'of nobody', ['approve']);
    await replaceApiKey(owner, { name: ' Of a\u200b File', keyHash: other, scopes: ['read'] });
    expect(await findApiKey(service, old)).toBeUndefined();
    expect(await findApiKey(service, other)).toMatchObject({ name: 'of a file' });
    await replaceApiKey(owner, { name: 'of a file', keyHash: old, scopes: ['read'] });
    expect(await findApiKey(service, old)).toBeUndefined();
    expect(await findApiKey(service, other)).toBeDefined();
    const [listed] = await listApiKeys(service, { only: made.keyId, of: null, after: 0, limit: 1 });
    expect(listed).toMatchObject({ revokedAt: null });
  });

  it.each(['Siti', ' siti', 'siti\u200b', 'ｓiti', ''])(
    'have no name that is not in its canonical form: "%s"',
    async (name) => {
      const admin = await ownersKey('admin of forms', ['approve']);
      await expect(asked(admin, name, ['approve'])).rejects.toMatchObject({ code: '23514' });
    },
  );

  it('have canonical names that SQL takes for such, and none with what is not seen', async () => {
    const [{ check } = { check: '' }] = await owner<{ check: string }[]>`
      SELECT substr(pg_get_constraintdef(oid), 7) AS check FROM pg_constraint WHERE conname = 'canonical_name'`;
    const taken = async (names: string[]) =>
      (await owner.unsafe(`SELECT name FROM unnest($1::text[]) AS u (name) WHERE ${check}`, [names])).length;
    const made = new Set<string>();
    const unseen: string[] = [];
    for (let code = 1; code <= 0x10ffff; code += 1) {
      const letter = String.fromCodePoint(code);
      if (!/[\p{Changes_When_NFKC_Casefolded}\p{Cf}\u2800]/u.test(letter)) {
        continue;
      }
      const name = canonicalName(`a${letter}b`);
      if (name === 'ab' && !/\p{Cc}/u.test(letter)) {
        unseen.push(`a${letter}b`);
      } else if (name !== `a${letter}b`) {
        made.add(name);
      }
    }
    expect(made.size).toBeGreaterThan(2_000);
    expect(await taken([...made])).toBe(made.size);
    expect(unseen.length).toBeGreaterThan(4_000);
    expect(await taken(unseen)).toBe(0);
  });

  it('keep their expiry on a pool that drizzle has taken over', async () => {
    const pool = connect(database.serviceUrl, { max: 1 });
    await query(pool).select().from(ingestBatch);
    const keyHash = newHash();
    const expiresAt = new Date('2030-01-01T00:00:00.123Z');
    await storeApiKey(owner, { name: 'of drizzle', keyHash, scopes: ['read'], expiresAt });
    expect((await findApiKey(pool, keyHash))?.expiresAt).toEqual(expiresAt);
    await pool.end();
  });
});

const intent: AuditIntent = {
  keyHash: actorOf('ada'),
  method: 'POST',
  route: '/v1/programs/:program/revenue',
  program: 'books',
  requestId: 'r',
  bodySha256: null,
  summary: '{}',
};
const oldestFirst = { order: 'asc', after: undefined, limit: 10_000 } as const;
const listAll = async (filter: AuditFilter) => (await listAudit(service, filter, oldestFirst)).rows;

describe('the audit log', () => {
  it('keeps the first outcome, and shows a request that has no outcome', async () => {
    const log = auditLog(service, 'ledger');
    const answered = await log.begin({ ...intent, requestId: 'answered' });
    const died = await log.begin({ ...intent, requestId: 'died' });
    await log.end(answered, { status: 201, bodySha256: 'ab' });
    await log.end(answered, { status: 500, bodySha256: null });
    const rows = await listAll({ key: 'ada' });
    expect(rows.find(({ auditId }) => auditId === answered)).toMatchObject({ status: 201, bodySha256: 'ab' });
    expect(rows.find(({ auditId }) => auditId === died)).toMatchObject({ status: null, answeredAt: null });
  });

  it.each([
    'UPDATE audit_log SET key_name = $$nobody$$',
    'DELETE FROM audit_log',
    'TRUNCATE audit_log CASCADE',
    'UPDATE audit_outcome SET status = 500',
    'DELETE FROM audit_outcome',
    'TRUNCATE audit_outcome',
  ])('is not rewritten, not by the owner either: %s', async (statement) => {
    await auditLog(service, 'ledger').begin(intent);
    const before = await listAll({});
    await expect(service.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(owner.unsafe(statement)).rejects.toThrow('append-only');
    expect(await listAll({})).toEqual(before);
  });

  it('is written by no one but through its function', async () => {
    await expect(service`INSERT INTO audit_outcome (audit_id, status) VALUES (1, 200)`).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('shows every request to a reader that pages forward, also while many write', async () => {
    const log = auditLog(service, 'ledger');
    const before = (await listAll({})).at(-1)?.auditId ?? 0;
    let writing = true;
    const written = Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; n < 50; n += 1) {
          await log.begin({ ...intent, program: 'many', requestId: `${writer}-${n}` });
        }
      }),
    ).finally(() => {
      writing = false;
    });
    const seen: string[] = [];
    let after = before;
    for (let last = false; !last; ) {
      last = !writing;
      const rows = (await listAudit(service, { programs: ['many'] }, { ...oldestFirst, after })).rows;
      seen.push(...rows.map(({ requestId }) => requestId));
      after = rows.at(-1)?.auditId ?? after;
    }
    await written;
    expect(new Set(seen).size).toBe(200);
    expect(seen).toHaveLength(200);
  });
});

it('no function of the schema is open to everybody', async () => {
  const open = await owner<{ name: string }[]>`
    SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = 'rewardbook'::regnamespace
      AND (p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0))`;
  expect(open).toEqual([]);
});
