import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { parseGivenAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import type { RevenueArgument } from '../arguments/options.ts';
import { inputError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { openInput } from './input.ts';

/** Revenue by period in minor units; several amounts for one period add up. */
export function revenueOf(given: readonly RevenueArgument[], policy: Policy): Map<string, bigint> {
  const currency = currencyOf(policy.currency);
  const revenue = new Map<string, bigint>();
  for (const { period, amount } of given) {
    try {
      revenue.set(period, (revenue.get(period) ?? 0n) + parseGivenAmount(amount, currency));
    } catch (error) {
      throw error instanceof MoneyError ? inputError(`--revenue ${period}: ${error.message}`, error) : error;
    }
  }
  return revenue;
}

/** The registered creators in a CSV file. @throws CliFailure 2 that names line and column of what is wrong */
export async function readCreators(file: string, io: Io): Promise<RegisteredCreator[]> {
  const input = await openInput(file, io);
  const parsed = await parseCreatorsCsv(input.chunks());
  if (parsed.ok) {
    return parsed.value;
  }
  throw inputError(`${input.name} is not a creators file:\n${describeIssues(parsed.issues)}`);
}
