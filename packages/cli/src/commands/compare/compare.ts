import { csvLines } from '@rewardbook/contracts/files/csv-lines';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { type Comparison, compareOutcomes } from '@rewardbook/simulate/whatif/compare';
import { assertComparable } from '@rewardbook/simulate/whatif/outcome';
import { trials } from '@rewardbook/simulate/whatif/trials';
import { readPolicy } from '../../files/policy-file.ts';
import type { LabOptions } from '../../simulation/lab-inputs.ts';
import { asInputErrors, labInputs, takeTurn } from '../../simulation/lab-inputs.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { describeComparison } from './comparison-text.ts';

export interface CompareOptions extends LabOptions {
  readonly policy: readonly string[];
  readonly format?: 'table' | 'csv' | 'json';
  readonly json: boolean;
}

const ROWS_PER_WRITE = 5_000;

/** Compares two policies on the same files and prints what changes. */
export async function compare(options: CompareOptions, io: Io): Promise<void> {
  const [fileA, fileB, ...more] = options.policy;
  if (fileA === undefined || fileB === undefined || more.length > 0) {
    throw inputError(`Give two policies, as --policy A --policy B; there are ${options.policy.length}`);
  }
  const policyA = await readPolicy(fileA, io);
  const policyB = await readPolicy(fileB, io);
  await asInputErrors(async () => {
    assertComparable(policyA, policyB); // before a long file is read
    const inputs = await labInputs(options, policyA, io);
    const trial = trials(inputs, await inputs.events());
    const outcome = (policy: Policy) => trial({ policy, policyHash: policyHash(policy) });
    const a = outcome(policyA);
    await takeTurn(io);
    const b = outcome(policyB);
    await takeTurn(io);
    await print(compareOutcomes(a, b), options.json ? 'json' : (options.format ?? 'table'), io);
  });
}

async function print(comparison: Comparison, format: 'table' | 'csv' | 'json', io: Io): Promise<void> {
  if (format === 'table') {
    await write(io.stdout, describeComparison(comparison));
  } else if (format === 'csv') {
    await printCsv(comparison, io);
  } else {
    await printJson(comparison, io);
  }
}

async function printCsv({ creators }: Comparison, io: Io): Promise<void> {
  await write(io.stdout, csvLines([['creator_id', 'before', 'after', 'difference', 'rank_before', 'rank_after']]));
  for (let start = 0; start < creators.length; start += ROWS_PER_WRITE) {
    const rows = creators
      .slice(start, start + ROWS_PER_WRITE)
      .map((row) => [row.creatorId, row.before, row.after, row.difference, row.rankBefore, row.rankAfter]);
    await write(io.stdout, csvLines(rows));
  }
}

/** One object on one line, its creators in pieces: those of a large program are never one text. */
async function printJson({ a, b, creators, ...rest }: Comparison, io: Io): Promise<void> {
  await write(io.stdout, `${JSON.stringify({ a, b }).slice(0, -1)},"creators":[`);
  for (let start = 0; start < creators.length; start += ROWS_PER_WRITE) {
    const piece = JSON.stringify(creators.slice(start, start + ROWS_PER_WRITE)).slice(1, -1);
    await write(io.stdout, start === 0 ? piece : `,${piece}`);
  }
  await write(io.stdout, `],${JSON.stringify(rest).slice(1)}\n`);
}
