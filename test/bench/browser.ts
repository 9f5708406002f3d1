import { z } from 'zod';
import { bundlePage } from '../browser/bundle.ts';
import { chromiumMissing, openPage } from '../browser/chromium.ts';
import { changePolicies } from '../browser/core.ts';
import { testPolicy } from '../support/test-policy.ts';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

const CREATORS = 100_000;
const TIMES = 21;
const TARGET_MS = 100;

const changeSchema = z.object({ rowsMs: z.array(z.number()), hashedMs: z.array(z.number()), resultHash: z.string() });

/**
 * A change of policy over the counts of 100,000 creators in Chromium, compared with Node and with what feels immediate.
 */
export async function benchBrowser(): Promise<BenchRow[]> {
  if (chromiumMissing !== undefined) {
    process.stderr.write(`browser ${chromiumMissing}\n`);
    return [];
  }
  const policies = ['1', '3', '2.5'].map((follow) => testPolicy({ weights: { like: '1', follow } }));
  const inNode = changePolicies(policies, CREATORS, TIMES);
  const page = await openPage((await bundlePage()).script);
  try {
    const inBrowser = changeSchema.parse(await page.call('changePolicies', policies, CREATORS, TIMES));
    if (inBrowser.resultHash !== inNode.resultHash) {
      throw new Error('Chromium and Node come to different results');
    }
    const name = `policy change over ${CREATORS.toLocaleString('en-US')} creators in Chromium`;
    const rows: BenchRow[] = [];
    for (const [what, part] of [
      ['', 'rowsMs'],
      [' with its resultHash', 'hashedMs'],
    ] as const) {
      const [ours, node] = [median(inBrowser[part]), median(inNode[part])];
      rows.push(
        { name: `${name}${what}, beside Node`, ours, floor: node, ratio: ours / node, unit: 'ms' },
        { name: `${name}${what}, beside the target`, ours, floor: TARGET_MS, ratio: ours / TARGET_MS, unit: 'ms' },
      );
    }
    return rows;
  } finally {
    await page.close();
  }
}
