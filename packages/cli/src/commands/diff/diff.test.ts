import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../../../../../test/support/test-run.ts';

const POLICY = { program: 'p', name: 'P', currency: 'USD', timeZone: 'UTC', period: 'month' };
const event = (id: string, type: string, viewerId: string, creatorId: string, day: string) =>
  JSON.stringify({
    id,
    type,
    viewerId,
    creatorId,
    ...(type.endsWith('like') ? { contentId: 'k' } : {}),
    occurredAt: `${day}T12:00:00Z`,
  });
const EVENTS = [
  event('1', 'like', 'v1', 'ann', '2024-05-02'),
  event('2', 'follow', 'v2', 'bob', '2024-05-03'),
  event('3', 'like', 'v3', 'bob', '2024-05-04'),
  event('4', 'like', 'v4', 'bob', '2024-06-05'),
];

let folder: string;
const file = (name: string) => join(folder, name);
const diff = (args: string) =>
  runHere(['diff', ...args.split(' ').map((arg) => (/^\w+$/.test(arg) ? file(arg) : arg))]);
async function simulated(name: string, events: readonly string[], policy: object = POLICY): Promise<void> {
  await writeFile(file(`${name}policy`), JSON.stringify(policy));
  await writeFile(file(`${name}events`), gzipSync(events.join('\n')));
  const files = `--policy ${file(`${name}policy`)} --events ${file(`${name}events`)}`;
  const run = await runHere(`simulate ${files} --revenue 2024-05=1000.00 2024-06=1000.00 --json`.split(' '));
  await writeFile(file(name), run.stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-diff-'));
  await simulated('base', EVENTS);
  await simulated('shuffled', [...EVENTS].reverse().concat(EVENTS));
  await simulated(
    'less',
    EVENTS.filter((line) => !line.includes('"id":"3"')),
  );
  await simulated('capped', EVENTS, { ...POLICY, allocation: { method: 'pro-rata', maxShare: '0.1' } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('diff of two results', () => {
  it('says that equal ones are equal, whatever the order of their events was, and ends with 0', async () => {
    expect(await diff('base shuffled')).toEqual({ code: 0, stdout: 'The results are equal.\n', stderr: '' });
    expect(JSON.parse((await diff('base shuffled --json')).stdout)).toMatchObject({ equal: true, first: null });
  });

  it('names the first difference, which is the first creator of the earliest period where inputs agree', async () => {
    const run = await diff('base less --json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      equal: false,
      kind: 'results',
      first: { period: '2024-05', creatorId: 'ann', field: 'amount', a: '16.67', b: '25.00' },
    });
    const text = await diff('base less');
    expect(text.stdout).toMatch(/creator +ann\nfield +amount\n/);
    expect(text.stderr).toContain('differ');
  });

  it('lists the events that the two do not share, for the first creator who differs', async () => {
    await writeFile(
      file('swapped'),
      EVENTS.map((line) =>
        line.replace('"id":"1","type":"like","viewerId":"v1"', '"id":"1","type":"like","viewerId":"v9"'),
      ).join('\n'),
    );
    const run = await diff('base less --events baseevents --events swapped --json');
    expect(JSON.parse(run.stdout).behind).toMatchObject({
      creatorId: 'ann',
      period: '2024-05',
      count: 2,
      engagements: [
        { viewerId: 'v1', contentId: 'k', events: [{ id: '1', only: 'a' }] },
        { viewerId: 'v9', contentId: 'k', events: [{ id: '1', only: 'b' }] },
      ],
    });
  });

  it("lists the creator's engagements near the period where one file of events is given", async () => {
    const run = await diff('base capped --events baseevents --json');
    const { first, firstOfCreator, behind } = JSON.parse(run.stdout);
    expect(first).toMatchObject({ period: '2024-05', creatorId: null, field: 'policyHash' });
    expect(firstOfCreator).toMatchObject({ creatorId: 'ann' });
    expect(behind).toMatchObject({ count: 1, engagements: [{ viewerId: 'v1', contentId: 'k' }] });
    expect((await diff('base capped --events baseevents')).stdout).toContain('v1 likes k:\n');
  });

  it('compares one close with its period of a simulation', async () => {
    const { stdout } = await runHere(['diff', file('base'), file('base'), '--json']);
    expect(JSON.parse(stdout).equal).toBe(true);
    const second = JSON.parse(await readFile(file('base'), 'utf8')).periods[1];
    await writeFile(file('close'), JSON.stringify(second, null, 2));
    expect(await diff('close base')).toMatchObject({ code: 0 });
    await writeFile(file('close'), JSON.stringify({ ...second, pool: '1.00' }));
    expect(JSON.parse((await diff('base close --json')).stdout).first).toMatchObject({
      period: '2024-06',
      field: 'pool',
    });
  });
});

describe('diff of two files of events', () => {
  it('treats neither order nor repetition nor formatting as a difference', async () => {
    const other = [...EVENTS].reverse().map((line) => line.replace('T12:00:00Z', 'T14:00:00.000+02:00'));
    await writeFile(file('other'), [...other, ...other].join('\n'));
    const run = await diff('baseevents other');
    expect(run).toMatchObject({ code: 0, stdout: 'The events are equal.\n' });
  });

  it('counts what differs and names the earliest with both of its versions', async () => {
    const changed = EVENTS.slice(1).map((line) =>
      line.replace('"viewerId":"v3","creatorId":"bob"', '"viewerId":"v3","creatorId":"cy"'),
    );
    await writeFile(file('changed'), [...changed, event('9', 'follow', 'v9', 'cy', '2024-06-01')].join('\n'));
    const run = await diff('baseevents changed --json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual({
      equal: false,
      kind: 'events',
      onlyInA: 1,
      onlyInB: 1,
      changed: 1,
      first: { a: expect.objectContaining({ id: '1', viewerId: 'v1', creatorId: 'ann' }), b: null },
    });
  });
});

it.each([
  ['a result and events', 'base baseevents', 'give two results'],
  ['a file that is not there', 'base nowhere', 'There is no file'],
  ['events behind events', 'baseevents baseevents --events base', '--events is for results'],
  ['stdin', '- base', 'stdin'],
])('ends with 2 for %s', async (_, args, message) => {
  const run = await diff(args);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(message);
});

it('ends with 2 for a result that is cut off, and says so', async () => {
  await writeFile(file('cut'), '{"program":"p","policyHash":"x","periods":[');
  const run = await diff('base cut');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('is not JSON');
});
