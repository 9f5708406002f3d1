import type { IForbiddenRuleType } from 'dependency-cruiser';
import { SQL_OF_SERVICES, TEST_PATTERN as TEST } from './source-files.ts';

/**
 * Who may import whom: a unit may import itself and these, nothing else of ours. Tests may import anything.
 * Services are one unit each.
 */
const ALLOWED_UNITS: Readonly<Record<string, readonly string[]>> = {
  'packages/money': [],
  'packages/domain': ['packages/money'],
  'packages/contracts': ['packages/money', 'packages/domain'],
  'packages/simulate': ['packages/money', 'packages/domain'],
  'packages/lab': ['packages/money', 'packages/domain', 'packages/contracts', 'packages/simulate'],
  'packages/replay': ['packages/domain', 'packages/contracts'],
  'packages/db': ['packages/money', 'packages/domain', 'packages/contracts/src/(files|values)'],
  'packages/queue': ['packages/contracts', 'packages/db', 'packages/runtime'],
  'packages/runtime': ['packages/money', 'packages/domain', 'packages/contracts', 'packages/db'],
  'packages/cli': [
    ...['packages/money', 'packages/domain', 'packages/contracts', 'packages/simulate', 'packages/lab'],
    ...['packages/replay', 'infra/local'],
  ],
  // It runs in a browser: nothing that knows files, databases or processes.
  'packages/console': ['money', 'domain', 'contracts', 'simulate', 'lab', 'replay'].map((name) => `packages/${name}`),
  'services/engagement-events': servicesMay(),
  'services/ledger': servicesMay(),
  'services/payout-reports': [...servicesMay(), 'packages/lab'],
  // It decides nothing and stores nothing: what runtime needs of the database is not for it.
  'services/console': ['packages/contracts', 'packages/runtime'],
  'infra/local': [
    ...servicesMay(),
    'services/engagement-events',
    'services/ledger',
    'services/payout-reports',
    'services/console',
  ],
  'infra/tooling': [],
};

function servicesMay(): string[] {
  return ['money', 'domain', 'contracts', 'simulate', 'db', 'queue', 'runtime'].map((name) => `packages/${name}`);
}

function unitRules(): IForbiddenRuleType[] {
  return Object.entries(ALLOWED_UNITS).map(([unit, allowed]) => ({
    name: `${unit}-imports`,
    severity: 'error',
    from: { path: `^${unit}/`, pathNot: TEST },
    to: { path: '^(packages|services|infra|test)/', pathNot: `^(${[unit, ...allowed].join('|')})/` },
  }));
}

/** A database driver, or something that takes one. */
const DATABASE_LIBRARY = '(^|node_modules/)(postgres|pg|drizzle-orm)(/|$)';

/** What says HTTP: `routes.ts` of a subject, and the folder in which engagement-events and the console read requests and write answers. */
const ROUTES = '^services/.+[/-]routes\\.ts$|^services/[^/]+/src/http/|/streamed-answer\\.ts$';

/** Reports read long results by a cursor on a connection of their own. */
const READ_CURSOR = '^services/payout-reports/src/service/read-cursor\\.ts$';

/** Rules for dependency-cruiser. */
export const directionRules: IForbiddenRuleType[] = [
  ...unitRules(),
  {
    name: 'nothing-unresolved',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, path: '^(\\.|@rewardbook/)' },
  },
  {
    // No clock, no files, no network: it runs in a browser too.
    name: 'pure-core',
    severity: 'error',
    from: { path: '^packages/(money|domain|simulate|lab|replay)/', pathNot: TEST },
    to: { dependencyTypes: ['core'] },
  },
  {
    // It may know the shape of what it stores, not what is done with it.
    name: 'sql-is-innermost',
    severity: 'error',
    from: { path: SQL_OF_SERVICES, pathNot: TEST },
    to: {
      path: '^services/',
      pathNot: [SQL_OF_SERVICES, READ_CURSOR],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    // Routes that only read may ask the SQL themselves: a use case between them would only forward.
    name: 'routes-are-outermost',
    severity: 'error',
    from: { path: '^services/', pathNot: [ROUTES, '/src/compose\\.ts$', TEST] },
    to: { path: [ROUTES, '^services/[^/]+/src/(compose|main)\\.ts$'], pathNot: '^services/[^/]+/src/compose\\.ts$' },
  },
  {
    // The queue talks to BullMQ's schema, and local makes roles and databases; neither touches ours.
    name: 'databases-in-db-and-sql',
    severity: 'error',
    from: { pathNot: [TEST, '^packages/(db|queue)/', SQL_OF_SERVICES, READ_CURSOR, '^infra/local/'] },
    to: { path: DATABASE_LIBRARY },
  },
  {
    name: 'http-in-routes',
    severity: 'error',
    from: { path: '^services/[^/]+/src/', pathNot: [TEST, ROUTES, '/src/(compose|main)\\.ts$'] },
    to: { path: ['(^|node_modules/)@?fastify', '^(node:)?https?$'] },
  },
];
