import type { RevenueBody } from '@rewardbook/contracts/api/revenue';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';

/** A program to begin with: its policy, its creators and its revenue, as they lie in `seeds`. */
export interface ProgramPack {
  /** YAML. */
  readonly policy: string;
  /** CSV, as the service takes it. */
  readonly creators: string;
  readonly revenue: readonly RevenueBody[];
}

type Files = Readonly<Record<string, () => Promise<string>>>;

// Each file is a chunk of its own, which is loaded when its pack is chosen.
const POLICIES: Files = import.meta.glob<string>('../../../../../seeds/**/policy.yaml', {
  query: '?raw',
  import: 'default',
});
const CREATORS: Files = import.meta.glob<string>('../../../../../seeds/**/creators.csv', {
  query: '?raw',
  import: 'default',
});
const REVENUES: Files = import.meta.glob<string>('../../../../../seeds/**/revenue.csv', {
  query: '?raw',
  import: 'default',
});

const SEEDS = '../../../../../seeds/';
const POLICY_FILE = '/policy.yaml';

/** Names of the packs, as the commands take them: `tiktok-cash-id`, `africa-multi/ke`. */
export const PACK_NAMES: readonly string[] = Object.keys(POLICIES)
  .map((file) => file.slice(SEEDS.length, -POLICY_FILE.length))
  .sort(compareUtf8);

export async function loadPack(name: string): Promise<ProgramPack> {
  const [policy, creators, revenue] = await Promise.all([
    textOf(POLICIES, `${SEEDS}${name}/policy.yaml`),
    textOf(CREATORS, `${SEEDS}${name}/creators.csv`),
    textOf(REVENUES, `${SEEDS}${name}/revenue.csv`),
  ]);
  return { policy, creators, revenue: readRevenue(revenue) };
}

function textOf(files: Files, file: string): Promise<string> {
  const load = files[file];
  if (load === undefined) {
    throw new Error(`this build has no ${file}`);
  }
  return load();
}

/** Lines of a pack's own `revenue.csv`: period, amount, reference, none of them quoted. */
function readRevenue(csv: string): RevenueBody[] {
  const [, ...lines] = csv.split(/\r?\n/).filter((line) => line !== '');
  return lines.map((line) => {
    const [period = '', amount = '', reference = ''] = line.split(',');
    return { period, amount, reference };
  });
}
