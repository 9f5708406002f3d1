import { ROW_ORDERS, type RowQuery } from '@rewardbook/lab/view/creator-rows';
import type { CreatorChange } from '@rewardbook/simulate/whatif/compare';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { z } from 'zod';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Field } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';
import { Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { readOrder, type TableColumn } from '../../blocks/table/column.ts';
import { FarTable } from '../../blocks/table/far-table.tsx';
import { groupCount } from '../../format/counts.ts';
import type { labCompareSearchSchema } from '../address/lab-search.ts';
import { readSizes } from './size-text.ts';
import { useRows } from './use-rows.ts';

export type CompareSearch = z.output<typeof labCompareSearchSchema>;

const DEFAULT_ORDER = '-after';

/** The creators, with what each has under both policies. */
export function CreatorsSection({
  search,
  version,
  currency,
}: {
  readonly search: CompareSearch;
  readonly version: number;
  readonly currency: string;
}) {
  const navigate = useNavigate();
  const order = search.order ?? DEFAULT_ORDER;
  const query = useMemo(() => rowQuery(order, search.find, search.sizes), [order, search.find, search.sizes]);
  const { count, rowAt } = useRows(query, version);
  const columns = useMemo(() => columnsIn(currency), [currency]);
  const set = (next: Partial<CompareSearch>): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <Section
      title="Creators"
      aside={
        search.sizes === undefined ? null : (
          <Button isSmall onPress={() => set({ sizes: undefined })}>
            Show all, not only those selected in the drawing
          </Button>
        )
      }
    >
      <div className="filters">
        <Field
          label="Creator id has"
          type="search"
          value={search.find ?? ''}
          onChange={(text) => set({ find: text === '' ? undefined : text })}
        />
      </div>
      {count === undefined ? (
        <Pending what="creators" />
      ) : (
        <FarTable
          caption={`Creators before and after, ${currency}`}
          columns={columns}
          count={count}
          rowAt={rowAt}
          rowKey={({ creatorId }) => creatorId}
          order={order}
          onOrder={(next) => set({ order: next === DEFAULT_ORDER ? undefined : next })}
          empty={`No creator${search.find === undefined ? '' : ` whose id has “${search.find}”`}${search.sizes === undefined ? '' : ' among those selected'}.`}
          countNote="a rank is 1 + the number of creators who have more"
        />
      )}
    </Section>
  );
}

function rowQuery(order: string, find: string | undefined, sizes: string | undefined): RowQuery {
  const { column = 'after', isDescending = true } = readOrder(order) ?? {};
  return {
    order: ROW_ORDERS.find((one) => one === column) ?? 'after',
    isDescending,
    find,
    sizes: readSizes(sizes),
  };
}

function columnsIn(currency: string): TableColumn<CreatorChange>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      width: 2,
      sortKey: ({ creatorId }) => creatorId,
      cell: ({ creatorId }) => <Name>{creatorId}</Name>,
    },
    amount('before', `Before (${currency})`, ({ before }) => <Amount value={before} />),
    amount('after', `After (${currency})`, ({ after }) => <Amount value={after} />),
    amount('difference', 'Difference', ({ difference }) => <Amount value={difference} isChange />),
    { id: 'rank', header: 'Rank', isNumeric: true, cell: ({ rankAfter }) => groupCount(rankAfter) },
    { id: 'rankChange', header: 'Ranks moved', isNumeric: true, cell: rankChange },
  ];
}

function amount(id: string, header: string, cell: TableColumn<CreatorChange>['cell']): TableColumn<CreatorChange> {
  return { id, header, isNumeric: true, width: 1.5, sortKey: () => null, cell };
}

function rankChange({ rankBefore, rankAfter }: CreatorChange) {
  const up = rankBefore - rankAfter;
  return up === 0 ? (
    <span className="amount-zero">same</span>
  ) : (
    <span className="nowrap">
      {up > 0 ? '↑' : '↓'} {groupCount(Math.abs(up))}
      <span className="visually-hidden"> {up > 0 ? 'up' : 'down'}</span>
    </span>
  );
}
