import { type CheckOut, type Verified, verifiedSchema } from '@rewardbook/contracts/api/verify';
import { useMutation, useMutationState } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { Page } from '../../shell/page.tsx';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';

/** A verification of the books, and when it ended. */
interface Verification {
  readonly verified: Verified;
  readonly at: string;
}

/** Every invariant of the books, checked anew; the check goes on when the page is left. */
export function IntegrityPage() {
  const program = useProgram();
  const key = ['verify', program.program];
  const verify = useMutation({
    mutationKey: key,
    mutationFn: async (): Promise<Verification> => {
      const call = { service: 'ledger', method: 'POST', path: path`/v1/programs/${program.program}/verify` } as const;
      return { verified: await askJson(call, verifiedSchema), at: new Date().toISOString() };
    },
    gcTime: Number.POSITIVE_INFINITY,
  });
  const latest = useMutationState({ filters: { mutationKey: key }, select: ({ state }) => state }).at(-1);
  const found = latest?.data as Verification | undefined;
  const isRunning = latest?.status === 'pending';
  return (
    <Page
      trail={[programStep(program)]}
      title="Integrity"
      lead="Every invariant of the books, the chain of hashes, and every closed period derived again from its events."
      actions={
        <Button kind="primary" onPress={() => verify.mutate()} isBusy={isRunning}>
          {isRunning ? 'Checking …' : found === undefined ? 'Run the checks' : 'Run them again'}
        </Button>
      }
    >
      {isRunning ? (
        <Notice tone="info" title="The checks are under way">
          They read all that there is. You can leave this page; the result is here when you come back.
        </Notice>
      ) : null}
      {latest?.status === 'error' ? (
        <Failure error={latest.error} what="The checks gave no result" retry={() => verify.mutate()} />
      ) : null}
      {found === undefined ? (
        isRunning || latest?.status === 'error' ? null : (
          <div className="table-empty">No check was run since you opened the console.</div>
        )
      ) : (
        <Result found={found} timeZone={program.timeZone} />
      )}
    </Page>
  );
}

function Result({ found: { verified, at }, timeZone }: { readonly found: Verification; readonly timeZone: string }) {
  const { ok, checks } = verified;
  const broken = checks.filter((check) => !check.ok);
  const looked = checks.reduce((sum, { checked }) => sum + checked, 0);
  return (
    <>
      <Notice
        tone={ok ? 'good' : 'bad'}
        title={
          ok
            ? 'Every invariant holds'
            : `${groupCount(broken.length)} of ${groupCount(checks.length)} invariants are broken`
        }
      >
        Checked <Instant at={at} timeZone={timeZone} showsUtc />
        {ok ? '.' : '. Stop paying until it is known why: the first difference of each is below.'}
      </Notice>
      <FigureRow>
        <Figure label="Kinds of checks">{groupCount(checks.length)}</Figure>
        <Figure label="Things looked at">{groupCount(looked)}</Figure>
        <Figure label="Broken">{groupCount(broken.length)}</Figure>
      </FigureRow>
      <Section title="Checks">
        <DataTable
          caption="Checks of the books"
          columns={COLUMNS}
          rows={[...broken, ...checks.filter((check) => check.ok)]}
          rowKey={({ check }) => check}
          empty="There is nothing to check yet."
        />
      </Section>
    </>
  );
}

const COLUMNS: readonly TableColumn<CheckOut>[] = [
  { id: 'check', header: 'Invariant', isRowHeader: true, cell: ({ check }) => check },
  { id: 'ok', header: 'Result', cell: ({ ok }) => <Badge tone={ok ? 'good' : 'bad'}>{ok ? 'holds' : 'broken'}</Badge> },
  { id: 'checked', header: 'Looked at', isNumeric: true, cell: ({ checked }) => groupCount(checked) },
  {
    id: 'difference',
    header: 'First difference',
    cell: ({ difference }) => (difference === null ? <Nothing /> : <bdi>{difference}</bdi>),
  },
];
