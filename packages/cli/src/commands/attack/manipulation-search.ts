import { csvLines } from '@rewardbook/contracts/files/csv-lines';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { MANIPULATIONS, type ManipulationFound, searchManipulation } from '@rewardbook/simulate/attack/search';
import type { AdversaryKind } from '@rewardbook/simulate/generator/scenario';
import { printJson } from '../../files/output.ts';
import type { LabOptions } from '../../simulation/lab-inputs.ts';
import { asInputErrors, takeTurn } from '../../simulation/lab-inputs.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import { groupedCount, renderTable } from '../../terminal/table.ts';

export interface AttackOptions extends LabOptions {
  readonly policy?: readonly string[];
  readonly kind?: AdversaryKind;
  readonly size: number;
  readonly accounts?: number;
  readonly creator?: readonly string[];
  readonly hours?: number;
  readonly cost: string;
  readonly accountCost: string;
  readonly rule?: readonly string[];
  readonly search: boolean;
  readonly trials: number;
  readonly format?: 'table' | 'csv' | 'json';
  readonly json: boolean;
}

interface Searched {
  readonly name: string;
  readonly policy: Policy;
}

interface Found extends ManipulationFound {
  readonly policy: string;
}

const METHODS = ['pro-rata', 'user-centric', 'engaged-equal', 'equal', 'square-root', 'blend'] as const;

/** Searches each policy given, or each allocation method, for worlds in which a manipulation pays. */
export async function searchManipulations(
  given: readonly Searched[],
  { trials, seed = 1, json, format }: AttackOptions,
  io: Io,
): Promise<void> {
  const searched = given.length > 0 ? given : METHODS.map((method) => ({ name: method, policy: policyOf(method) }));
  const progress = startProgress(io.stderr, 'search', searched.length * MANIPULATIONS.length);
  const found: Found[] = [];
  try {
    await asInputErrors(async () => {
      for (const { name, policy } of searched) {
        for (const manipulation of MANIPULATIONS) {
          found.push({ policy: name, ...searchManipulation(policy, manipulation, trials, seed) });
          progress.update(found.length, `${name}, ${manipulation}`);
          await takeTurn(io);
        }
      }
    });
  } finally {
    progress.stop();
  }
  if (json || format === 'json') {
    return printJson(io, { trials, seed, found });
  }
  await write(io.stdout, format === 'csv' ? csvOf(found) : describe(found));
}

/** A policy of all defaults with this method. */
function policyOf(method: (typeof METHODS)[number]): Policy {
  const parsed = parsePolicy({
    ...{ program: 'search', name: 'Search', currency: 'JPY', timeZone: 'UTC', period: 'day' },
    allocation: method === 'blend' ? { method, lambda: '0.5' } : { method },
  });
  if (parsed.ok) {
    return parsed.value;
  }
  throw new Error(`a policy of all defaults is not valid: ${parsed.issues[0]?.message}`);
}

function describe(found: readonly Found[]): string {
  const table = renderTable(
    [
      { title: 'policy' },
      { title: 'manipulation' },
      { title: 'pays' },
      { title: 'worlds', align: 'right' },
      { title: 'of', align: 'right' },
      { title: 'largest gain, of the pool', align: 'right' },
      { title: 'most per fake viewer', align: 'right' },
    ],
    found.map(({ policy, manipulation, gained, trials, largestGain, perViewer }) => [
      policy,
      manipulation,
      gained > 0 ? 'yes' : 'not found',
      groupedCount(gained),
      groupedCount(trials),
      largestGain,
      perViewer ?? '-',
    ]),
  );
  return (
    `${table}Per fake viewer: the most that one moved, in even parts of the pool per viewer; above 1 it is more than an honest viewer's\n` +
    `part. Worlds are small and random; --json has the world of each largest gain.\n`
  );
}

function csvOf(found: readonly Found[]): string {
  const titles = ['policy', 'manipulation', 'trials', 'gained', 'largest_gain', 'per_viewer'];
  const rows = found.map((row) => [
    row.policy,
    row.manipulation,
    row.trials,
    row.gained,
    row.largestGain,
    row.perViewer,
  ]);
  return csvLines([titles, ...rows]);
}
