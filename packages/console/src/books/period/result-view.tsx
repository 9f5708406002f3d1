import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { PeriodResultOut } from '@rewardbook/contracts/api/result';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Amount, Figures } from '../../blocks/amount.tsx';
import { Field } from '../../blocks/field.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Hash } from '../../blocks/name.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { minorUnits, percentOf } from '../../format/decimal-text.ts';
import { CreatorLink } from '../links.tsx';

type Allocation = PeriodResultOut['creators'][number];
type Excluded = PeriodResultOut['excluded'][number];

export interface ResultViewProps {
  readonly program: ProgramOut;
  readonly period: string;
  readonly result: PeriodResultOut;
  /** Of a close, not of a dry run: each amount can be explained. */
  readonly isFinal: boolean;
}

/** Who gets what, what was excluded, and how even it is. */
export function ResultView({ program, period, result, isFinal }: ResultViewProps) {
  return (
    <>
      <Allocations program={program} period={period} result={result} isFinal={isFinal} />
      <Section title="Excluded by rules">
        <DataTable
          caption="Events that risk rules kept from counting"
          columns={EXCLUDED_COLUMNS}
          rows={result.excluded}
          rowKey={({ rule }) => rule}
          empty="No rule excluded an event."
        />
      </Section>
      <Section title="Measures">
        <Measures result={result} />
      </Section>
      {result.lockstep === undefined ? null : (
        <Section title="Viewers in lockstep">
          <p className="quiet">
            {result.lockstep.length === 0
              ? 'No group of viewers did the same at the same time often enough.'
              : `${counted(result.lockstep.length, 'group')} of viewers did the same at the same time. They count until somebody has looked and blocks them.`}
          </p>
          {result.lockstep.length === 0 ? null : (
            <DataTable
              caption="Groups of viewers in lockstep"
              columns={LOCKSTEP_COLUMNS}
              rows={result.lockstep}
              rowKey={({ viewers }) => viewers.join(' ')}
              empty=""
            />
          )}
        </Section>
      )}
    </>
  );
}

const EXCLUDED_COLUMNS: readonly TableColumn<Excluded>[] = [
  { id: 'rule', header: 'Rule', isRowHeader: true, cell: ({ rule }) => <code>{rule}</code> },
  { id: 'events', header: 'Events', isNumeric: true, cell: ({ events }) => groupCount(events) },
  {
    id: 'points',
    header: 'Points they would have added',
    isNumeric: true,
    cell: ({ points }) => <Figures value={points} />,
  },
];

const LOCKSTEP_COLUMNS: readonly TableColumn<NonNullable<PeriodResultOut['lockstep']>[number]>[] = [
  { id: 'viewers', header: 'Viewers', isRowHeader: true, cell: ({ viewers }) => <bdi>{viewers.join(', ')}</bdi> },
  { id: 'links', header: 'Pairs that match', isNumeric: true, cell: ({ links }) => groupCount(links) },
  { id: 'matches', header: 'Matches', isNumeric: true, cell: ({ matches }) => groupCount(matches) },
];

function allocationColumns(program: ProgramOut, period: string, isFinal: boolean): TableColumn<Allocation>[] {
  const { currency } = program;
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      width: 1.6,
      sortKey: ({ creatorId }) => creatorId,
      cell: ({ creatorId }) => <CreatorLink program={program.program} creator={creatorId} />,
    },
    {
      id: 'likes',
      header: 'Net likes',
      isNumeric: true,
      sortKey: ({ netLikes }) => netLikes,
      cell: ({ netLikes }) => groupCount(netLikes),
    },
    {
      id: 'follows',
      header: 'Net follows',
      isNumeric: true,
      sortKey: ({ netFollows }) => netFollows,
      cell: ({ netFollows }) => groupCount(netFollows),
    },
    { id: 'points', header: 'Points used', isNumeric: true, cell: ({ points }) => <Figures value={points} /> },
    {
      id: 'amount',
      header: `Amount (${currency})`,
      isNumeric: true,
      width: 1.5,
      sortKey: ({ amount }) => minorUnits(currency, amount),
      cell: ({ amount }) => <Amount value={amount} />,
    },
    ...(isFinal
      ? [
          {
            id: 'why',
            header: 'Why',
            width: 0.6,
            cell: ({ creatorId }: Allocation) => (
              <Link
                to="/books/$program/creators/$creator/why/$period"
                params={{ program: program.program, creator: creatorId, period }}
                aria-label={`Why ${creatorId} gets this amount`}
              >
                Why
              </Link>
            ),
          },
        ]
      : []),
  ];
}

function Allocations({ program, period, result, isFinal }: ResultViewProps) {
  const { find, order } = useSearch({ from: '/books/$program/periods/$period' });
  const navigate = useNavigate({ from: '/books/$program/periods/$period' });
  const columns = useMemo(() => allocationColumns(program, period, isFinal), [program, period, isFinal]);
  const rows = useMemo(
    () => (find === undefined ? result.creators : result.creators.filter(({ creatorId }) => creatorId.includes(find))),
    [result, find],
  );
  const setSearch = (part: { find?: string | undefined; order?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  return (
    <Section title={isFinal ? 'Allocations' : 'Allocations that a close would make'}>
      <div className="filters">
        <Field
          label="Find a creator"
          type="search"
          value={find ?? ''}
          onChange={(text) => setSearch({ find: text === '' ? undefined : text })}
        />
      </div>
      <DataTable
        caption={`Allocations of ${period}`}
        columns={columns}
        rows={rows}
        rowKey={({ creatorId }) => creatorId}
        order={order ?? '-amount'}
        onOrder={(next) => setSearch({ order: next === '-amount' ? undefined : next })}
        empty={
          find === undefined ? (
            'No creator has points or an amount.'
          ) : (
            <>
              No creator’s id has “<bdi>{find}</bdi>”.
            </>
          )
        }
        {...(find === undefined ? {} : { countNote: `of ${groupCount(result.creators.length)}, filtered` })}
      />
    </Section>
  );
}

function Measures({ result: { metrics, resultHash, policyHash } }: { readonly result: PeriodResultOut }) {
  const shareOf = (share: string | null): string => (share === null ? '–' : percentOf(share));
  return (
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
  );
}
