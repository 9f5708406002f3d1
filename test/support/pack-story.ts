import { readFileSync } from 'node:fs';
import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { parsePolicyFile } from '@rewardbook/contracts/files/policy-file';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { formatScaled } from '@rewardbook/money/decimal';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario, type ScenarioSize } from '@rewardbook/simulate/generator/scenario';
import { parse } from 'csv-parse/sync';
import type { Story } from './undisturbed.ts';

const PACK = new URL('../../seeds/tiktok-cash-id/', import.meta.url);

/** The seed pack as a story, in its own size or another. Revenue is summed up: one booking a period. */
export async function packStory(size: ScenarioSize = {}): Promise<Story> {
  const read = (file: string): string => readFileSync(new URL(file, PACK), 'utf8');
  const policy = parsePolicyFile(read('policy.yaml'));
  const creators = await parseCreatorsCsv(read('creators.csv'));
  if (!policy.ok || !creators.ok) {
    throw new Error('the seed pack is wrong');
  }
  const currency = currencyOf(policy.value.currency);
  const sums = new Map<string, bigint>();
  const rows: { period: string; amount: string }[] = parse(read('revenue.csv'), { columns: true });
  for (const { period, amount } of rows) {
    sums.set(period, (sums.get(period) ?? 0n) + parseAmount(amount, currency));
  }
  return {
    policy: policy.value,
    creators: creators.value,
    events: [...generateEvents(readScenario(read('scenario.yaml')), size)],
    revenue: new Map([...sums].map(([period, sum]) => [period, formatScaled(sum, currency.digits)])),
  };
}
