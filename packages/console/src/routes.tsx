import { decodePathPart, encodePathPart } from '@rewardbook/contracts/values/path-part';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { HomePage } from './books/frame/home-page.tsx';
import { AllProgramsFrame, ProgramFrame } from './books/frame/program-frame.tsx';
import * as labSearch from './lab/address/lab-search.ts';
import * as search from './search.ts';
import { NotFound } from './shell/not-found.tsx';
import { PageError } from './shell/page-error.tsx';
import { Shell } from './shell/shell.tsx';

const rootRoute = createRootRoute({ component: Shell });

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });

const proofRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/proof',
  component: lazyRouteComponent(() => import('./proof/proof-page.tsx'), 'ProofPage'),
});

const allProgramsRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'all-programs',
  component: AllProgramsFrame,
});

const keysRoute = createRoute({
  getParentRoute: () => allProgramsRoute,
  path: '/keys',
  component: lazyRouteComponent(() => import('./access/keys-page.tsx'), 'KeysPage'),
});

const newProgramRoute = createRoute({
  getParentRoute: () => allProgramsRoute,
  path: '/new-program',
  component: lazyRouteComponent(() => import('./books/new-program/new-program-page.tsx'), 'NewProgramPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => allProgramsRoute,
  path: '/audit-log',
  validateSearch: search.auditSearchSchema,
  component: lazyRouteComponent(() => import('./access/audit-page.tsx'), 'AuditPage'),
});

const booksRoute = createRoute({ getParentRoute: () => rootRoute, path: '/books/$program', component: ProgramFrame });

const programRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./books/program/program-page.tsx'), 'ProgramPage'),
});

const periodRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/periods/$period',
  validateSearch: search.periodSearchSchema,
  component: lazyRouteComponent(() => import('./books/period/period-page.tsx'), 'PeriodPage'),
});

const excludedRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/periods/$period/excluded',
  validateSearch: search.excludedSearchSchema,
  component: lazyRouteComponent(() => import('./books/period/excluded-page.tsx'), 'ExcludedPage'),
});

const runsRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/runs',
  component: lazyRouteComponent(() => import('./books/runs/runs-page.tsx'), 'RunsPage'),
});

const runRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/runs/$run',
  validateSearch: search.runSearchSchema,
  component: lazyRouteComponent(() => import('./books/runs/run-page.tsx'), 'RunPage'),
});

const runChangesRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/runs/$run/changes',
  validateSearch: search.changesSearchSchema,
  component: lazyRouteComponent(() => import('./books/runs/changes-page.tsx'), 'ChangesPage'),
});

const creatorsRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/creators',
  validateSearch: search.creatorsSearchSchema,
  component: lazyRouteComponent(() => import('./books/creator/creators-page.tsx'), 'CreatorsPage'),
});

/** An id as a part of an address: `.` and `..` are steps to browsers and proxies, so they are written otherwise. */
const creatorPart = {
  parse: ({ creator }: { creator: string }) => ({ creator: decodePathPart(creator) }),
  stringify: ({ creator }: { creator: string }) => ({ creator: decodeURIComponent(encodePathPart(creator)) }),
};

const creatorRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/creators/$creator',
  params: creatorPart,
  validateSearch: search.pointInTimeSearchSchema,
  component: lazyRouteComponent(() => import('./books/creator/creator-page.tsx'), 'CreatorPage'),
});

const whyRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/creators/$creator/why/$period',
  params: {
    parse: ({ creator, period }) => ({ ...creatorPart.parse({ creator }), period }),
    stringify: ({ creator, period }) => ({ ...creatorPart.stringify({ creator }), period }),
  },
  validateSearch: search.whySearchSchema,
  component: lazyRouteComponent(() => import('./books/creator/why-page.tsx'), 'WhyPage'),
});

const journalRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/journal',
  validateSearch: search.journalSearchSchema,
  component: lazyRouteComponent(() => import('./books/journal/journal-page.tsx'), 'JournalPage'),
});

const entryRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/journal/$entryKey',
  component: lazyRouteComponent(() => import('./books/journal/entry-page.tsx'), 'EntryPage'),
});

const balancesRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/balances',
  validateSearch: search.balancesSearchSchema,
  component: lazyRouteComponent(() => import('./books/journal/balances-page.tsx'), 'BalancesPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/balances/$account',
  validateSearch: search.pointInTimeSearchSchema,
  component: lazyRouteComponent(() => import('./books/journal/account-page.tsx'), 'AccountPage'),
});

const policyRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/policy',
  validateSearch: search.policySearchSchema,
  component: lazyRouteComponent(() => import('./books/policy/policy-page.tsx'), 'PolicyPage'),
});

const cashRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/cash',
  validateSearch: search.pointInTimeSearchSchema,
  component: lazyRouteComponent(() => import('./books/cash/cash-page.tsx'), 'CashPage'),
});

const importCreatorsRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/import-creators',
  component: lazyRouteComponent(() => import('./books/creator/import-creators-page.tsx'), 'ImportCreatorsPage'),
});

const reconciliationRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/reconciliation',
  validateSearch: search.reconciliationSearchSchema,
  component: lazyRouteComponent(() => import('./books/reconciliation/reconciliation-page.tsx'), 'ReconciliationPage'),
});

const approvalsRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/approvals',
  validateSearch: search.approvalsSearchSchema,
  component: lazyRouteComponent(() => import('./books/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const integrityRoute = createRoute({
  getParentRoute: () => booksRoute,
  path: '/integrity',
  component: lazyRouteComponent(() => import('./books/integrity/integrity-page.tsx'), 'IntegrityPage'),
});

const labRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/lab',
  component: lazyRouteComponent(() => import('./lab/lab-frame.tsx'), 'LabFrame'),
});

const labChooseRoute = createRoute({
  getParentRoute: () => labRoute,
  path: '/',
  validateSearch: labSearch.labSearchSchema,
  component: lazyRouteComponent(() => import('./lab/choose-page.tsx'), 'ChoosePage'),
});

const labCompareRoute = createRoute({
  getParentRoute: () => labRoute,
  path: '/policies',
  validateSearch: labSearch.labCompareSearchSchema,
  component: lazyRouteComponent(() => import('./lab/compare-page.tsx'), 'ComparePage'),
});

const labSweepRoute = createRoute({
  getParentRoute: () => labRoute,
  path: '/sweep',
  validateSearch: labSearch.labSweepSearchSchema,
  component: lazyRouteComponent(() => import('./lab/sweep/sweep-page.tsx'), 'SweepPage'),
});

const labAttackRoute = createRoute({
  getParentRoute: () => labRoute,
  path: '/attack',
  validateSearch: labSearch.labAttackSearchSchema,
  component: lazyRouteComponent(() => import('./lab/attack/attack-page.tsx'), 'AttackPage'),
});

const labScreenRoute = createRoute({
  getParentRoute: () => labRoute,
  path: '/screening',
  validateSearch: labSearch.labScreenSearchSchema,
  component: lazyRouteComponent(() => import('./lab/screen/screen-page.tsx'), 'ScreenPage'),
});

const replayRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/replay/$program',
  component: lazyRouteComponent(() => import('./replay/replay-frame.tsx'), 'ReplayFrame'),
});

const liveRoute = createRoute({
  getParentRoute: () => replayRoute,
  path: '/',
  validateSearch: search.liveSearchSchema,
  component: lazyRouteComponent(() => import('./replay/live/live-page.tsx'), 'LivePage'),
});

const replayRunsRoute = createRoute({
  getParentRoute: () => replayRoute,
  path: '/runs',
  component: lazyRouteComponent(() => import('./replay/runs/runs-page.tsx'), 'RunsPage'),
});

const diffRoute = createRoute({
  getParentRoute: () => replayRoute,
  path: '/diff',
  component: lazyRouteComponent(() => import('./replay/diff/diff-page.tsx'), 'DiffPage'),
});

const replayRunRoute = createRoute({
  getParentRoute: () => replayRoute,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('./replay/runs/run-page.tsx'), 'RunPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    proofRoute,
    labRoute.addChildren([labChooseRoute, labCompareRoute, labSweepRoute, labAttackRoute, labScreenRoute]),
    allProgramsRoute.addChildren([keysRoute, auditRoute, newProgramRoute]),
    booksRoute.addChildren([
      programRoute,
      periodRoute,
      excludedRoute,
      runsRoute,
      runRoute,
      runChangesRoute,
      creatorsRoute,
      creatorRoute,
      whyRoute,
      journalRoute,
      entryRoute,
      balancesRoute,
      accountRoute,
      reconciliationRoute,
      approvalsRoute,
      integrityRoute,
      policyRoute,
      cashRoute,
      importCreatorsRoute,
    ]),
    replayRoute.addChildren([liveRoute, replayRunsRoute, replayRunRoute, diffRoute]),
  ]),
  parseSearch: search.parseSearch,
  stringifySearch: search.stringifySearch,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageError,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
