import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { comparisonCsv } from '@rewardbook/lab/answer/answer-csv';
import { answerJson } from '@rewardbook/lab/answer/answer-json';
import { comparePolicies } from '@rewardbook/lab/answer/compare-policies';
import { prepareComparison } from '@rewardbook/lab/prepare/prepare';
import type { Comparison } from '@rewardbook/simulate/whatif/compare';
import { printPieces } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { asInputErrors, labInputs, takeTurn } from '../../simulation/lab-inputs.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import type { CompareOptions } from './command.ts';
import { describeComparison } from './comparison-text.ts';

/** Compares two policies on the same files and prints what changes. */
export async function compare(options: CompareOptions, io: Io): Promise<void> {
  const [fileA, fileB, ...more] = options.policy;
  if (fileA === undefined || fileB === undefined || more.length > 0) {
    throw inputError(`Give two policies, as --policy A --policy B; there are ${options.policy.length}`);
  }
  const a = await readPolicy(fileA, io);
  const b = await readPolicy(fileB, io);
  await asInputErrors(async () => {
    const { readEvents, creators, revenue } = await labInputs(options, a, io);
    const prepared = prepareComparison({ question: 'compare', a, b, creators, revenue }, MAX_QUESTION);
    const comparison = await comparePolicies(prepared, { readEvents, onProgress: () => takeTurn(io) });
    await print(comparison, options.json ? 'json' : (options.format ?? 'table'), io);
  });
}

async function print(comparison: Comparison, format: 'table' | 'csv' | 'json', io: Io): Promise<void> {
  if (format === 'table') {
    await write(io.stdout, describeComparison(comparison));
  } else {
    await printPieces(io, format === 'csv' ? comparisonCsv(comparison) : answerJson(comparison));
  }
}
