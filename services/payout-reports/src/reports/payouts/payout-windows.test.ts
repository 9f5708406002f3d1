import { expect, it } from 'vitest';
import { payoutWindows } from './payout-windows.ts';
import type { ReportedRun, ReportedRunStatus } from './sql/run-payouts.ts';

const END = 2n ** 63n - 1n;

function run(runNumber: number, status: ReportedRunStatus, draftedSeq: bigint, entrySeq: bigint | null): ReportedRun {
  const entryKey = entrySeq === null ? null : `payout-run:${runNumber}`;
  return { runNumber, runId: String(runNumber), period: 'p', status, policyVersion: 1, draftedSeq, entryKey, entrySeq };
}

const closes = [
  { closeNo: 1, entrySeq: 2n },
  { closeNo: 2, entrySeq: 10n },
  { closeNo: 3, entrySeq: 20n },
];
const CLOSE_1 = { closeNo: 1, after: 0n, upTo: 9n };

it('leaves every close to projections if there is no run', () => {
  expect(payoutWindows([], closes)).toMatchObject({
    unpaid: [CLOSE_1, { closeNo: 2, after: 9n, upTo: 19n }, { closeNo: 3, after: 19n, upTo: END }],
  });
});

it('gives a run what came since the draft of the run before, which may be several closes', () => {
  const { runs, unpaid } = payoutWindows([run(1, 'settled', 3n, 5n), run(2, 'approved', 22n, 23n)], closes);
  expect(runs).toMatchObject([
    { range: { after: 0n, upTo: 3n }, closes: [1], isFirst: true },
    { range: { after: 3n, upTo: 22n }, closes: [2, 3], isFirst: true },
  ]);
  expect(unpaid).toEqual([]);
});

it('goes on after the last run, and not after a draft that a close has overtaken', () => {
  const settled = run(1, 'settled', 3n, 5n);
  const left = [
    { closeNo: 2, after: 3n, upTo: 19n },
    { closeNo: 3, after: 19n, upTo: END },
  ];
  expect(payoutWindows([settled], closes).unpaid).toEqual(left);
  expect(payoutWindows([settled, run(2, 'draft', 12n, null)], closes)).toMatchObject({
    runs: [{ stands: true }, { stands: false, closes: [2] }],
    unpaid: left,
  });
  expect(payoutWindows([settled, run(2, 'draft', 22n, null)], closes).unpaid).toEqual([]);
});

it('gives nothing to what was discarded or overtaken, but shows what it was made from', () => {
  const found = payoutWindows(
    [run(1, 'discarded', 3n, null), run(2, 'draft', 11n, null), run(3, 'approved', 12n, 13n)],
    closes,
  );
  expect(found.runs).toMatchObject([
    { stands: false, closes: [1] },
    { stands: false, closes: [1, 2] },
    { stands: true, closes: [1, 2], isFirst: true },
  ]);
  expect(found.runOfClose.get(1)?.run.runNumber).toBe(3);
  expect(found).toMatchObject({ unpaid: [{ closeNo: 3, after: 12n, upTo: END }] });
});

it('names the first of two drafts with the same closes', () => {
  const { runs, runOfClose } = payoutWindows(
    [run(1, 'draft', 3n, null), run(2, 'draft', 3n, null)],
    closes.slice(0, 1),
  );
  expect(runs.map(({ isFirst }) => isFirst)).toEqual([true, false]);
  expect(runOfClose.get(1)?.run.runNumber).toBe(1);
});
