import type { CheckProgress, VerifyRunOut } from '@rewardbook/contracts/api/verify';
import { Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { Progress } from '../../blocks/progress.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { durationText } from '../../format/durations.ts';

/** A verification: how far it is, or what it found. */
export function VerifyRunView({ run, timeZone }: { readonly run: VerifyRunOut; readonly timeZone: string }) {
  const { checks, state } = run;
  const broken = checks.filter(({ ok }) => ok === false);
  const looked = checks.reduce((sum, { checked }) => sum + checked, 0);
  const done = checks.filter((check) => check.state === 'done').length;
  return (
    <>
      <Outcome run={run} timeZone={timeZone} broken={broken.length} />
      {state === 'running' ? <Progress label="Kinds of checks that are done" done={done} of={checks.length} /> : null}
      <FigureRow>
        <Figure label="Kinds of checks" note={state === 'done' ? undefined : `${groupCount(done)} done`}>
          {groupCount(checks.length)}
        </Figure>
        <Figure label="Things looked at">{groupCount(looked)}</Figure>
        <Figure label="Broken">{groupCount(broken.length)}</Figure>
      </FigureRow>
      <Section title="Checks">
        <DataTable
          caption="Checks of the books"
          columns={COLUMNS}
          rows={[...broken, ...checks.filter(({ ok }) => ok !== false)]}
          rowKey={({ check }) => check}
          empty="There is nothing to check yet."
        />
      </Section>
    </>
  );
}

interface OutcomeProps {
  readonly run: VerifyRunOut;
  readonly timeZone: string;
  readonly broken: number;
}

function Outcome({ run, timeZone, broken }: OutcomeProps) {
  const { state, ok, startedBy, startedAt, endedAt, cancelledBy, failure, checks } = run;
  const begun = (
    <>
      Started by <Name>{startedBy}</Name>, <Instant at={startedAt} timeZone={timeZone} />
      {endedAt === null ? '' : `; took ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`}.
    </>
  );
  switch (state) {
    case 'running':
      return (
        <Notice tone="info" title="The checks are under way">
          They read all that there is. You can leave this page; the result is here when you come back. {begun}
        </Notice>
      );
    case 'done':
      return ok === true ? (
        <Notice tone="good" title="Every invariant holds">
          {begun}
        </Notice>
      ) : (
        <Notice tone="bad" title={`${groupCount(broken)} of ${groupCount(checks.length)} invariants are broken`}>
          Stop paying until it is known why: the first difference of each is below. {begun}
        </Notice>
      );
    case 'cancelled':
      return (
        <Notice tone="warn" title="The checks were ended before they were done">
          {cancelledBy === null ? null : (
            <>
              By <Name>{cancelledBy}</Name>.{' '}
            </>
          )}
          {begun}
        </Notice>
      );
    case 'interrupted':
    case 'failed':
      return (
        <Notice tone="bad" title={state === 'failed' ? 'The checks gave no result' : 'The checks were interrupted'}>
          {failure ?? 'It is not known why.'} {begun}
        </Notice>
      );
  }
}

function Result({ state, ok }: CheckProgress) {
  if (ok === false) {
    return <Badge tone="bad">broken</Badge>;
  }
  if (state === 'done') {
    return <Badge tone="good">holds</Badge>;
  }
  return state === 'running' ? <Badge tone="info">running</Badge> : <Badge tone="quiet">waits</Badge>;
}

const COLUMNS: readonly TableColumn<CheckProgress>[] = [
  { id: 'check', header: 'Invariant', isRowHeader: true, cell: ({ check }) => check },
  { id: 'ok', header: 'Result', cell: (check) => <Result {...check} /> },
  {
    id: 'checked',
    header: 'Looked at',
    isNumeric: true,
    cell: ({ checked, read }) =>
      checked === 0 && read > 0 ? <span className="quiet">{groupCount(read)} events read</span> : groupCount(checked),
  },
  {
    id: 'difference',
    header: 'First difference',
    cell: ({ difference }) => (difference === null ? <Nothing /> : <bdi>{difference}</bdi>),
  },
];
