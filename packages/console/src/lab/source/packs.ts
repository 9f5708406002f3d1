import { sortUtf8 } from '@rewardbook/domain/values/utf8-order';

// Packs are data of this repository: their texts are parts of the build, loaded when a pack is chosen. Their events and creators are made
// in the worker, as the generator makes them everywhere.
const TEXTS = import.meta.glob<string>('../../../../../seeds/**/{policy.yaml,scenario.yaml,revenue.csv}', {
  query: '?raw',
  import: 'default',
});

const FILE = /seeds\/(.+)\/(policy\.yaml|scenario\.yaml|revenue\.csv)$/;

export interface PackTexts {
  readonly policy: string;
  readonly scenario: string;
  readonly revenue: readonly { readonly period: string; readonly amount: string }[];
}

/** Names of the packs. */
export const PACKS: readonly string[] = sortUtf8([
  ...new Set(Object.keys(TEXTS).flatMap((path) => FILE.exec(path)?.[1] ?? [])),
]);

/** The pack that the demo plays. */
export const FIRST_PACK = 'tiktok-cash-id';

/** @throws Error where there is no such pack */
export async function loadPack(name: string): Promise<PackTexts> {
  const [policy, scenario, revenue] = await Promise.all(
    ['policy.yaml', 'scenario.yaml', 'revenue.csv'].map((file) => {
      const load = Object.entries(TEXTS).find(([path]) => path.endsWith(`seeds/${name}/${file}`))?.[1];
      if (load === undefined) {
        throw new Error(`There is no pack ${name}; the packs are ${PACKS.join(', ')}`);
      }
      return load();
    }),
  );
  return { policy: policy ?? '', scenario: scenario ?? '', revenue: readRevenue(revenue ?? '') };
}

/** The bookings of packs have no quotes. */
function readRevenue(csv: string): PackTexts['revenue'] {
  const [header, ...lines] = csv.trim().split(/\r?\n/);
  if (header !== 'period,amount,reference' || csv.includes('"')) {
    throw new Error('These bookings are not those of a pack');
  }
  return lines.map((line) => {
    const [period = '', amount = ''] = line.split(',');
    return { period, amount };
  });
}
