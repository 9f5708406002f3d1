import type { RunStatus } from '@rewardbook/domain/payouts/payout-status';
import { expect, it } from 'vitest';
import { payoutWindows, type ReportedRun } from './payout-windows.ts';

const END = Number.MAX_SAFE_INTEGER;

function run(runNumber: number, status: RunStatus, draftedSeq: number, entrySeq: number | null): ReportedRun {
  const entryKey = entrySeq === null ? null : `payout-run:${runNumber}`;
  return { runNumber, runId: String(runNumber), period: 'p', status, policyVersion: 1, draftedSeq, entryKey, entrySeq };
}

const closes = [
  { closeNo: 1, entrySeq: 2 },
  { closeNo: 2, entrySeq: 10 },
  { closeNo: 3, entrySeq: 20 },
];
const CLOSE_1 = { closeNo: 1, after: 0, upTo: 9 };

it('leaves every close to projections if there is no run', () => {
  expect(payoutWindows([], closes)).toMatchObject({
    unpaid: [CLOSE_1, { closeNo: 2, after: 9, upTo: 19 }, { closeNo: 3, after: 19, upTo: END }],
  });
});

it('gives a run what came since the draft of the run before, which may be several closes', () => {
  const { runs, unpaid } = payoutWindows([run(1, 'settled', 3, 5), run(2, 'approved', 22, 23)], closes);
  expect(runs).toMatchObject([
    { range: { after: 0, upTo: 3 }, closes: [1], isFirst: true },
    { range: { after: 3, upTo: 22 }, closes: [2, 3], isFirst: true },
  ]);
  expect(unpaid).toEqual([]);
});

it('goes on after the last run, and not after a draft that a close has overtaken', () => {
  const settled = run(1, 'settled', 3, 5);
  const left = [
    { closeNo: 2, after: 3, upTo: 19 },
    { closeNo: 3, after: 19, upTo: END },
  ];
  expect(payoutWindows([settled], closes).unpaid).toEqual(left);
  expect(payoutWindows([settled, run(2, 'draft', 12, null)], closes)).toMatchObject({
    runs: [{ isCurrent: true }, { isCurrent: false, closes: [2] }],
    unpaid: left,
  });
  expect(payoutWindows([settled, run(2, 'draft', 22, null)], closes).unpaid).toEqual([]);
});

it('gives nothing to what was discarded or overtaken, but shows what it was made from', () => {
  const found = payoutWindows(
    [run(1, 'discarded', 3, null), run(2, 'draft', 11, null), run(3, 'approved', 12, 13)],
    closes,
  );
  expect(found.runs).toMatchObject([
    { isCurrent: false, closes: [1] },
    { isCurrent: false, closes: [1, 2] },
    { isCurrent: true, closes: [1, 2], isFirst: true },
  ]);
  expect(found.runOfClose.get(1)?.run.runNumber).toBe(3);
  expect(found).toMatchObject({ unpaid: [{ closeNo: 3, after: 12, upTo: END }] });
});

it('names the first of two drafts with the same closes', () => {
  const { runs, runOfClose } = payoutWindows([run(1, 'draft', 3, null), run(2, 'draft', 3, null)], closes.slice(0, 1));
  expect(runs.map(({ isFirst }) => isFirst)).toEqual([true, false]);
  expect(runOfClose.get(1)?.run.runNumber).toBe(1);
});
