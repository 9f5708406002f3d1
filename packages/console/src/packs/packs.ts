import type { RevenueBody } from '@rewardbook/contracts/api/revenue';
import { sortUtf8 } from '@rewardbook/domain/values/utf8-order';

// Packs are data of this repository: each text is a part of the build, loaded when its pack is chosen. Their events are made in a worker,
// as the generator makes them everywhere.
const TEXTS = import.meta.glob<string>('../../../../seeds/**/{policy.yaml,scenario.yaml,creators.csv,revenue.csv}', {
  query: '?raw',
  import: 'default',
});

const SEEDS = '../../../../seeds/';
const POLICY_FILE = '/policy.yaml';

/** Names of the packs, as the commands take them: `tiktok-cash-id`, `africa-multi/ke`. */
export const PACKS: readonly string[] = sortUtf8(
  Object.keys(TEXTS)
    .filter((path) => path.endsWith(POLICY_FILE))
    .map((path) => path.slice(SEEDS.length, -POLICY_FILE.length)),
);

/** The pack that the demo plays. */
export const FIRST_PACK = 'tiktok-cash-id';

/** A pack's file. @throws Error where this build has no such pack */
export async function loadPackFile(
  pack: string,
  file: 'policy.yaml' | 'scenario.yaml' | 'creators.csv' | 'revenue.csv',
): Promise<string> {
  const load = TEXTS[`${SEEDS}${pack}/${file}`];
  if (load === undefined) {
    throw new Error(`There is no ${file} of a pack ${pack}; the packs are ${PACKS.join(', ')}`);
  }
  return load();
}

/** What a pack books as revenue: nothing in its file is quoted. @throws Error where this build has no such pack */
export async function loadPackRevenue(pack: string): Promise<RevenueBody[]> {
  const [header, ...lines] = (await loadPackFile(pack, 'revenue.csv')).trim().split(/\r?\n/);
  if (header !== 'period,amount,reference' || lines.some((line) => line.includes('"'))) {
    throw new Error('These bookings are not those of a pack');
  }
  return lines.map((line) => {
    const [period = '', amount = '', reference = ''] = line.split(',');
    return { period, amount, reference };
  });
}
