import { fileURLToPath } from 'node:url';
import { checkGraph } from './direction-graph.ts';
import { report } from './report.ts';
import { checkSources } from './source-rules.ts';
import type { Planted } from './violation.ts';

/** What is wrong in `planted/directions`, on purpose. */
export const plantedDirections: readonly Planted[] = [
  { rule: 'packages/money-imports', file: 'packages/money/src/imports-domain.ts' },
  { rule: 'pure-core', file: 'packages/money/src/reads-a-file.ts' },
  { rule: 'no-circles', file: 'packages/domain/src/one.ts' },
  { rule: 'no-circles', file: 'packages/domain/src/policy/policy.ts' },
  { rule: 'no-folder-circles', file: 'packages/domain/src/events' },
  { rule: 'nothing-unresolved', file: 'packages/domain/src/two.ts' },
  { rule: 'services/ledger-imports', file: 'services/ledger/src/imports-a-service.ts' },
  { rule: 'services/console-imports', file: 'services/console/src/knows-the-rules.ts' },
  { rule: 'sql-is-innermost', file: 'services/ledger/src/payouts/run-sql.ts' },
  { rule: 'routes-are-outermost', file: 'services/ledger/src/payouts/knows-a-route.ts' },
  { rule: 'databases-in-db-and-sql', file: 'services/ledger/src/payouts/opens-a-database.ts' },
  { rule: 'sql-in-its-file', file: 'services/ledger/src/payouts/opens-a-database.ts' },
  { rule: 'http-in-routes', file: 'services/ledger/src/payouts/answers-http.ts' },
  { rule: 'environment-in-main', file: 'services/ledger/src/holds/routes.ts' },
];

export async function checkDirections(root: string) {
  const { violations, modules } = await checkGraph(root);
  return { violations: [...violations, ...checkSources(root)], modules };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await checkDirections(fileURLToPath(new URL('../../../', import.meta.url)));
  const planted = await checkDirections(fileURLToPath(new URL('../planted/directions/', import.meta.url)));
  process.exitCode = report(
    'check:directions',
    `${found.modules} modules`,
    found.violations,
    planted.violations,
    plantedDirections,
  );
}
