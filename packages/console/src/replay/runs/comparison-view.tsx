import { Badge } from '../../blocks/badge.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { counted } from '../../format/counts.ts';
import { BehindTable } from '../events/behind-table.tsx';
import type { ComparedPeriod, RunComparison } from './worker/run-record.ts';

const AGAINST = { close: 'its close', 'dry-run': 'a dry run' };
const SIDES = { a: 'sent, not recorded', b: 'recorded, not sent' };

/** The simulation of a run's events next to the ledger: the same to the byte, or where they differ first. */
export function ComparisonView({
  comparison,
  timeZone,
}: {
  readonly comparison: RunComparison;
  readonly timeZone: string;
}) {
  const { periods, note, at, events } = comparison;
  const differing = periods.find(({ differences }) => differences > 0);
  return (
    <div className="stack">
      {periods.length === 0 ? null : differing === undefined ? (
        <Notice tone="good" title="The same to the byte">
          {counted(events, 'event', 'events')} simulated in this browser come to the results of the ledger.
        </Notice>
      ) : (
        <Notice tone="bad" title={`${differing.period} differs`}>
          {counted(differing.differences, 'place differs', 'places differ')}. The first one is below.
        </Notice>
      )}
      {note === null ? null : (
        <Notice tone="info" title="Not compared">
          {note}
        </Notice>
      )}
      {periods.length === 0 ? null : (
        <DataTable
          caption="Periods, simulated and in the ledger"
          columns={[
            { id: 'period', header: 'Period', isRowHeader: true, cell: ({ period }) => period },
            { id: 'against', header: 'Compared with', cell: ({ against }) => AGAINST[against] },
            {
              id: 'same',
              header: 'Outcome',
              cell: ({ differences }) =>
                differences === 0 ? (
                  <Badge tone="good">the same</Badge>
                ) : (
                  <Badge tone="bad">{counted(differences, 'difference', 'differences')}</Badge>
                ),
            },
            {
              id: 'simulated',
              header: 'Simulated',
              cell: ({ simulatedHash }) => <code>{simulatedHash.slice(0, 16)}</code>,
            },
            { id: 'ledger', header: 'Ledger', cell: ({ ledgerHash }) => <code>{ledgerHash.slice(0, 16)}</code> },
          ]}
          rows={periods}
          rowKey={({ period }) => period}
          empty={null}
        />
      )}
      {differing === undefined ? null : <FirstDifference of={differing} />}
      <p className="quiet small">
        Compared <Instant at={at} timeZone={timeZone} />.
      </p>
    </div>
  );
}

function FirstDifference({ of }: { readonly of: ComparedPeriod }) {
  const shown = of.firstOfCreator ?? of.first;
  if (shown === null) {
    return null;
  }
  const value = (given: string | number | null): string => (given === null ? 'nothing' : String(given));
  return (
    <>
      <h3>The first difference{of.firstOfCreator === null ? '' : ' of a creator'}</h3>
      <Facts>
        {shown.creatorId === null ? null : (
          <Fact label="Creator">
            <bdi>{shown.creatorId}</bdi>
          </Fact>
        )}
        <Fact label="Field">{shown.field}</Fact>
        <Fact label="Simulated">{value(shown.a)}</Fact>
        <Fact label="Ledger">{value(shown.b)}</Fact>
      </Facts>
      {of.behind === null ? null : <BehindTable count={of.behindCount} engagements={of.behind} sides={SIDES} />}
    </>
  );
}
