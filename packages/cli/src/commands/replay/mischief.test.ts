import { formatInstant } from '@rewardbook/domain/values/instant';
import { describe, expect, it } from 'vitest';
import { runHere } from '../../../../../test/support/test-run.ts';
import { type Mishap, type StubServices, startStubServices } from './stub-services.ts';

const COUNT = 2_000;
const ids = Array.from({ length: COUNT }, (_, index) => `e${index}`);
const START = Date.UTC(2026, 9, 1);
const MINUTE = 60_000;
/** An event a minute. */
const ndjson = ids.map((id, i) => `{"id":"${id}","occurredAt":"${formatInstant(START + i * MINUTE)}"}\n`).join('');

interface Replayed extends Pick<StubServices, 'received' | 'requestKinds'> {
  readonly code: number | null;
  readonly stderr: string;
  readonly summary: Record<string, unknown> & { readonly onPurpose?: Record<string, unknown> };
}

async function replay(args: string, mishaps?: (Mishap | undefined)[]): Promise<Replayed> {
  const stub = await startStubServices(mishaps);
  try {
    const command = `replay - --program p --json --concurrency 1 ${args}`.split(' ');
    const run = await runHere(command, ndjson, stub.env);
    const { received, requestKinds } = stub;
    return { ...run, summary: JSON.parse(run.stdout), received, requestKinds };
  } finally {
    await stub.close();
  }
}

describe('--drop', () => {
  it('leaves out the lines that the seed selects, in any order and however often they are sent', async () => {
    const [plain, shuffled, other] = await Promise.all([
      replay('--seed a --drop 0.1'),
      replay('--seed a --drop 0.1 --shuffle x --repeat 2'),
      replay('--seed b --drop 0.1'),
    ]);
    const dropped = COUNT - plain.received.length;
    expect(dropped).toBeGreaterThan(COUNT * 0.07);
    expect(dropped).toBeLessThan(COUNT * 0.13);
    expect(plain.summary).toMatchObject({ sent: COUNT - dropped, onPurpose: { seed: 'a', dropped, late: 0 } });
    expect(new Set(shuffled.received)).toEqual(new Set(plain.received));
    expect(shuffled.summary.onPurpose).toMatchObject({ dropped: 2 * dropped });
    expect(new Set(other.received)).not.toEqual(new Set(plain.received));
  });
});

describe('--late', () => {
  it('sends the lines that it holds back at the end, and all others in their order', async () => {
    const { received, summary } = await replay('--late 0.2');
    expect(new Set(received)).toEqual(new Set(ids));
    const late = Number(summary.onPurpose?.late);
    const inOrder = (some: readonly string[]) => some.every((id, i) => i === 0 || place(id) > place(some[i - 1] ?? ''));
    expect(late).toBeGreaterThan(COUNT * 0.15);
    expect(inOrder(received.slice(0, -late))).toBe(true);
    expect(inOrder(received.slice(-late))).toBe(true);
    expect(inOrder(received)).toBe(false);
  });

  it.each([
    ['by a time after their own', '--late-by 3h', (id: string) => place(id) + 180],
    ['until an instant', '--late-until 2026-10-01T10:00:00Z', () => 600],
  ])('holds them back %s', async (_, option, dueAt) => {
    const { received } = await replay(`--late 0.2 ${option}`);
    expect([...received].sort()).toEqual([...ids].sort());
    let furthest = -1;
    let seen = 0;
    for (const id of received) {
      if (place(id) > furthest) {
        furthest = place(id);
        continue;
      }
      seen += 1;
      // Unless the file came to its end, the first line that is due lets it go, and not before.
      if (received.indexOf(id) < COUNT - 200) {
        expect([id, furthest >= dueAt(id)]).toEqual([id, true]);
      }
    }
    expect(seen).toBeGreaterThan(50);
  });

  it('says that it is missing where only the time is given', async () => {
    const env = { REWARDBOOK_URL_EVENTS: 'http://127.0.0.1:1', REWARDBOOK_KEY: 'k' };
    const run = await runHere(['replay', '-', '--program', 'p', '--late-by', '3h'], ndjson, env);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain('--late says how many');
  });
});

describe('--fault', () => {
  const faulty = '--seed 3 --fault all --fault-chance 0.8 --batch 50';

  it('loses nothing, tells what it did apart from what was refused, and does the same again', async () => {
    const [one, again] = await Promise.all([replay(faulty), replay(faulty)]);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(one.received)).toEqual(new Set(ids));
    const { faults, garbageLines, unnoticed } = one.summary.onPurpose ?? {};
    expect(faults).toEqual({
      abort: expect.any(Number),
      slow: expect.any(Number),
      truncate: expect.any(Number),
      duplicate: expect.any(Number),
      garbage: expect.any(Number),
    });
    expect(unnoticed).toEqual({});
    expect(Number(garbageLines)).toBeGreaterThan(0);
    expect(one.summary).toMatchObject({ accepted: COUNT, rejected: 0, conflicts: 0, refused: [] });
    const counted = Object(faults);
    expect(one.requestKinds.filter((kind) => kind === 'bad gzip')).toHaveLength(counted.truncate);
    expect(one.requestKinds.filter((kind) => kind === 'cut off')).toHaveLength(counted.abort);
    expect(one.summary).toMatchObject({ requests: COUNT / 50 + counted.duplicate });
    expect(again.summary.onPurpose).toEqual(one.summary.onPurpose);
    expect(again.requestKinds).toEqual(one.requestKinds);
  });

  it('ends with 1 where the service takes garbage for events', async () => {
    const run = await replay('--seed 3 --fault garbage --fault-chance 1 --batch 100', Array(20).fill('lenient'));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('garbage');
  });

  it('names the lines of the file that are refused, with garbage between them', async () => {
    const stub = await startStubServices();
    const command = 'replay - --program p --json --fault garbage --fault-chance 1'.split(' ');
    const run = await runHere(command, '{"id":"a"}\n\nnonsense\n{"id":"b"}\nfurther nonsense\n', stub.env);
    await stub.close();
    expect(JSON.parse(run.stdout)).toMatchObject({
      sent: 4,
      accepted: 2,
      rejected: 2,
      refused: [{ line: 3 }, { line: 5 }],
      onPurpose: { faults: { garbage: 1 } },
    });
  });

  it('refuses a fault that it does not know', async () => {
    const run = await runHere(['replay', '-', '--program', 'p', '--fault', 'abort,explode']);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain('abort,slow,truncate,duplicate,garbage');
  });
});

function place(id: string): number {
  return Number(id.slice(1));
}
