import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../support/test-command.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder, startUp, type Up } from '../support/up.ts';

const POLICY = `
program: reels
name: Reels
currency: IDR
timeZone: Asia/Jakarta
period: month
revenueShare: "1"
payout: { minimum: "10", withholding: { ID: "0.1" }, holdback: { share: "0.2" } }
`;
const CREATORS = 'creatorId,taxCountry,payee,account\nbudi,ID,Budi,ID-1\nsari,ID,Sari,ID-2\ntono,,,\n';
const LIKES = ['budi', 'budi', 'budi', 'sari', 'sari', 'tono'].map((creatorId, index) => {
  const occurredAt = '2024-05-10T12:00:00Z';
  return JSON.stringify({
    id: `e${index}`,
    type: 'like',
    viewerId: `v${index}`,
    creatorId,
    contentId: 'k',
    occurredAt,
  });
});

let folder: string;
let up: Up;

beforeAll(async () => {
  folder = await makeDataFolder();
  up = await startUp(folder);
  for (const [args, stdin] of [
    ['program apply -', POLICY],
    ['creators import - --program reels', CREATORS],
    ['replay - --program reels', LIKES.join('\n')],
    ['revenue --program reels --period 2024-05 --amount 600.00 --reference ads-05'],
    ['close --program reels --period 2024-05'],
  ] as const) {
    await done(args, stdin);
  }
});
afterAll(async () => {
  up.child.kill('SIGKILL');
  await up.ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
});

const rewardbook = (args: string, stdin?: string): Promise<Run> =>
  runHere([...args.split(' '), '--data', folder], stdin);

async function done(args: string, stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await rewardbook(args, stdin);
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

const json = async (args: string) => JSON.parse(await done(`${args} --program reels --json`));

// One system, worked through: the tests build on each other.
it('drafts, approves, exports and settles a run, with the holdback kept and the tax withheld', async () => {
  const draft = await json('payout-run draft');
  expect(draft).toMatchObject({
    runId: '2024-05-1',
    status: 'draft',
    gross: '400.00',
    withheld: '40.00',
    net: '360.00',
    draftedBy: 'operate',
  });
  expect(await done('payout-run show 2024-05-1 --program reels')).toMatch(
    /tono +80\.00 +0\.00 +80\.00 +waiting +incomplete/,
  );
  const wrong = await rewardbook(`payout-run approve 2024-05-1 --program reels --hash ${'0'.repeat(64)}`);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('[run-changed]')]);
  const early = await rewardbook('payout-run settle 2024-05-1 --program reels');
  expect([early.code, early.stderr]).toEqual([2, expect.stringContaining('[run-not-exported]')]);
  const approved = await json(`payout-run approve 2024-05-1 --hash ${draft.contentHash}`);
  expect(approved).toMatchObject({ status: 'approved', approvedBy: 'approve', entryKey: 'payout-run:2024-05-1' });
  expect(await json('payout-run approve 2024-05-1')).toMatchObject({ repeated: true });
  expect(await json('payout-run return 2024-05-1 --creator sari --reason closed')).toMatchObject({
    payoutId: '2024-05-1-2',
    net: '144.00',
    taxBack: '16.00',
    afterSettling: false,
  });
  await done('payout-run export 2024-05-1 --program reels');
  expect(await json('payout-run settle 2024-05-1 --reference BANK-1')).toMatchObject({
    status: 'settled',
    settled: '216.00',
  });
  expect((await json('payout-run list')).runs).toHaveLength(1);
  const shown = await json('payout-run show 2024-05-1 --status returned');
  expect(shown.payouts).toEqual([expect.objectContaining({ creatorId: 'sari', status: 'returned' })]);
  expect(shown.decisions.map(({ decision }: { decision: string }) => decision)).toEqual([
    'draft',
    'approve',
    'return',
    'export',
    'settle',
  ]);
});

it('keeps a returned creator on hold until it is lifted', async () => {
  expect(await done('hold list --program reels')).toMatch(/sari +placed +returned/);
  expect(await json('hold lift --creator sari --reason returned')).toMatchObject({ isOnHold: false });
  expect((await json('hold list --all')).holds).toHaveLength(2);
  expect(await json('payout-run draft')).toMatchObject({ runId: '2024-05-2', gross: '160.00' });
  await done('payout-run discard 2024-05-2 --program reels --reason later');
});

it('adjusts once a second person approves', async () => {
  const { approval } = await json('adjust --creator budi --kind clawback --amount 5.50 --reason fraud --reference A1');
  expect(approval).toMatchObject({ request: 1, status: 'pending', requestedBy: 'operate' });
  expect(await done('approvals list --program reels --status pending')).toContain('adjustment:A1');
  expect(await json('approvals approve 1')).toMatchObject({
    status: 'executed',
    outcome: 'adjustment:A1',
    decidedBy: 'approve',
  });
  expect((await json('reverse adjustment:A1 --reason mistake')).approval).toMatchObject({ request: 2 });
  expect(await json('approvals reject 2 --note no')).toMatchObject({ status: 'rejected' });
});

it('says whom revenue, a policy and a close wait for, and does them once a second person approves', async () => {
  const gated = `${POLICY.replaceAll('reels', 'gated')}approvals: [revenue, policy, close]\n`;
  await done('program apply -', gated);
  await done('replay - --program gated', LIKES.join('\n'));
  for (const [args, stdin] of [
    ['revenue --program gated --period 2024-05 --amount 600.00 --reference ads-05'],
    ['program apply -', gated.replace('name: Reels', 'name: Reels 2')],
    ['close --program gated --period 2024-05'],
  ] as const) {
    const waiting = await done(args, stdin);
    expect(waiting).toContain('somebody else approves it with "rewardbook approvals approve ');
    const request = /request (\d+)/.exec(waiting)?.[1];
    expect(await done(`approvals approve ${request} --program gated`)).toContain('executed');
    expect(await done(args, stdin)).not.toContain('approves it');
  }
  expect(await done('report summary --program gated --period 2024-05')).toContain('600.00');
});

it('asks a second person for payment details, the lifting of a hold and a shorter list of approvals', async () => {
  const guarded = `${POLICY.replaceAll('reels', 'guarded')}approvals: [holds, payees]\n`;
  await done('program apply -', guarded);
  await done('creators import - --program guarded', CREATORS);
  await done('hold place --program guarded --creator budi --reason fraud');
  for (const [args, what, stdin] of [
    ['creators import - --program guarded', 'the change of payment details of sari', CREATORS.replace('ID-2', 'MINE')],
    ['hold lift --program guarded --creator budi --reason fraud', 'lifting the hold "fraud" of budi'],
    ['program apply -', 'the policy from the beginning', guarded.replace('holds, ', '')],
  ] as const) {
    const waiting = await done(args, stdin);
    expect(waiting).toContain(`${what} waits as request `);
    const request = /request (\d+)/.exec(waiting)?.[1];
    expect(await done('approvals list --program guarded --status pending')).toContain(what);
    expect(await done(`approvals approve ${request} --program guarded`)).toContain('executed');
    const again = await rewardbook(args, stdin);
    expect([again.code, again.stdout]).toEqual([0, expect.not.stringContaining('waits')]);
  }
  expect((await rewardbook('hold lift --program guarded --creator budi --reason fraud')).stderr).toContain(
    'Nothing to do: no such hold was in force.',
  );
});

it('remits tax and books cash', async () => {
  expect((await json('tax due')).due).toEqual([
    { runId: '2024-05-1', country: 'ID', currency: 'IDR', amount: '24.00' },
  ]);
  expect(await json('tax remit --country ID --reference T1')).toMatchObject({
    amount: '24.00',
    entryKey: 'tax-remitted:T1',
  });
  expect(await done('tax due --program reels')).toBe('No tax is due.\n');
  expect(await done('cash receipt --program reels --amount 600.00 --reference R1')).toBe(
    'IDR 600.00 booked as receipt:R1\n',
  );
});

it('leaves books that verify', async () => {
  expect(await done('verify')).toContain('every invariant holds');
});

it.each([
  'payout-run approve',
  'payout-run draft',
  'payout-run return',
  'adjust',
  'reverse',
  'hold place',
  'approvals approve',
  'cash funding',
  'tax remit',
])('%s has help with examples', async (command) => {
  const { code, stdout } = await runHere([...command.split(' '), '--help']);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`rewardbook ${command} `)]);
});
