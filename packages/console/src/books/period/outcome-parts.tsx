import type { PeriodOutcome, PeriodResultOut } from '@rewardbook/contracts/api/result';
import { Link } from '@tanstack/react-router';
import { Figures } from '../../blocks/amount.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Hash } from '../../blocks/name.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { percentOf } from '../../format/decimal-text.ts';
import { excludedSearchSchema } from '../list-search.ts';

type Excluded = PeriodOutcome['excluded'][number];
type Lockstep = NonNullable<PeriodResultOut['lockstep']>;

export interface ExcludedByRuleProps {
  readonly excluded: readonly Excluded[];
  /** Of a close: its excluded events can be listed. */
  readonly closed?: { readonly program: string; readonly period: string };
}

/** What rules kept from counting. */
export function ExcludedByRule({ excluded, closed }: ExcludedByRuleProps) {
  const columns: readonly TableColumn<Excluded>[] = [
    {
      id: 'rule',
      header: 'Rule',
      isRowHeader: true,
      cell: ({ rule }) =>
        closed === undefined ? (
          <code>{rule}</code>
        ) : (
          <Link
            to="/books/$program/periods/$period/excluded"
            params={closed}
            search={excludedSearchSchema.parse({ rule })}
          >
            <code>{rule}</code>
            <span className="visually-hidden">: the events</span>
          </Link>
        ),
    },
    { id: 'events', header: 'Events', isNumeric: true, cell: ({ events }) => groupCount(events) },
    {
      id: 'points',
      header: 'Points they would have added',
      isNumeric: true,
      cell: ({ points }) => <Figures value={points} />,
    },
  ];
  return (
    <Section title="Excluded by rules">
      <DataTable
        caption="Events that risk rules kept from counting"
        columns={columns}
        rows={excluded}
        rowKey={({ rule }) => rule}
        empty="No rule excluded an event."
      />
    </Section>
  );
}

/** How even it is, and the hashes of it. */
export function Measures({
  outcome: { metrics, resultHash, policyHash },
}: {
  readonly outcome: Pick<PeriodOutcome, 'metrics' | 'resultHash' | 'policyHash'>;
}) {
  const shareOf = (share: string | null): string => (share === null ? '–' : percentOf(share));
  return (
    <Section title="Measures">
      <Facts>
        <Fact label="Creators with points">{groupCount(metrics.creators)}</Fact>
        <Fact label="Gini">{metrics.gini ?? '–'}</Fact>
        <Fact label="Top 1% get">{shareOf(metrics.top1Share)}</Fact>
        <Fact label="Top 10% get">{shareOf(metrics.top10Share)}</Fact>
        <Fact label="Palma">{metrics.palma ?? '–'}</Fact>
        <Fact label="HHI">{metrics.hhi ?? '–'}</Fact>
        <Fact label="Theil T">{metrics.theilT ?? '–'}</Fact>
        <Fact label="Result hash">
          <Hash>{resultHash}</Hash>
        </Fact>
        <Fact label="Policy hash">
          <Hash>{policyHash}</Hash>
        </Fact>
      </Facts>
    </Section>
  );
}

/** Viewers for a person to look at. */
export function LockstepGroups({ groups }: { readonly groups: Lockstep }) {
  return (
    <Section title="Viewers in lockstep">
      <p className="quiet">
        {groups.length === 0
          ? 'No group of viewers did the same at the same time often enough.'
          : `${counted(groups.length, 'group')} of viewers did the same at the same time. They count until somebody has looked and blocks them.`}
      </p>
      {groups.length === 0 ? null : (
        <DataTable
          caption="Groups of viewers in lockstep"
          columns={LOCKSTEP_COLUMNS}
          rows={groups}
          rowKey={({ viewers }) => viewers.join(' ')}
          empty=""
        />
      )}
    </Section>
  );
}

const LOCKSTEP_COLUMNS: readonly TableColumn<Lockstep[number]>[] = [
  { id: 'viewers', header: 'Viewers', isRowHeader: true, cell: ({ viewers }) => <bdi>{viewers.join(', ')}</bdi> },
  { id: 'links', header: 'Pairs that match', isNumeric: true, cell: ({ links }) => groupCount(links) },
  { id: 'matches', header: 'Matches', isNumeric: true, cell: ({ matches }) => groupCount(matches) },
];
