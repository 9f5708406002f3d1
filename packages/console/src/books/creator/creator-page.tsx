import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { StatementRow } from '@rewardbook/contracts/api/reports';
import type { PointInTime } from '@rewardbook/contracts/values/point-in-time';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ApiProblem } from '../../api/problems.ts';
import { Downloads } from '../../blocks/downloads.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure, Notice, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { Page } from '../../shell/page.tsx';
import { PointInTimeForm } from '../journal/point-in-time.tsx';
import { creatorsStep, programStep } from '../program-trail.tsx';
import { reportFiles, statementQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { AdjustBalance } from './adjust-balance.tsx';
import { BalanceChart } from './balance-chart.tsx';
import { BalanceFigures } from './balance-figures.tsx';
import { CreatorHolds } from './creator-holds.tsx';
import { CreatorPayouts } from './creator-payouts.tsx';
import { PastFigures } from './past-figures.tsx';
import { StatementTable } from './statement-table.tsx';

/** What a creator has earned, what is held, and what was paid. */
export function CreatorPage() {
  const program = useProgram();
  const { creator } = useParams({ from: '/books/$program/creators/$creator' });
  const at = useSearch({ from: '/books/$program/creators/$creator' });
  const statement = useQuery(statementQuery(program.program, creator, at));
  const isUnknown = statement.error instanceof ApiProblem && statement.error.code === 'creator-unknown';
  return (
    <Page
      trail={[programStep(program), creatorsStep(program)]}
      title={<Name>{creator}</Name>}
      titleText={creator}
      actions={<AdjustBalance program={program} creator={creator} />}
    >
      {statement.isPending ? <Pending what="the statement" /> : null}
      {isUnknown ? (
        <Notice tone="info" title="Nothing is known of this creator">
          Nobody with this id is registered, and no event names it. Ids are compared letter by letter.
        </Notice>
      ) : statement.isError ? (
        <Failure error={statement.error} what="Could not read the statement" retry={() => void statement.refetch()} />
      ) : null}
      {statement.data === undefined ? null : (
        <Contents program={program} creator={creator} at={at} rows={statement.data} />
      )}
    </Page>
  );
}

interface ContentsProps {
  readonly program: ProgramOut;
  readonly creator: string;
  /** When the statement is of. */
  readonly at: PointInTime;
  readonly rows: readonly StatementRow[];
}

function Contents({ program, creator, at, rows }: ContentsProps) {
  const navigate = useNavigate({ from: '/books/$program/creators/$creator' });
  const isPast = at.asOf !== undefined || at.effective !== undefined;
  return (
    <>
      {isPast ? (
        <>
          <Notice tone="info" title="As it was">
            Balance, ladder and statement are those of the point in time below; holds and payouts are those of now.
          </Notice>
          <PastFigures currency={program.currency} rows={rows} />
        </>
      ) : (
        <BalanceFigures program={program.program} creator={creator} />
      )}
      <CreatorHolds program={program} creator={creator} />
      <CreatorPayouts program={program} creator={creator} />
      <BalanceChart creator={creator} currency={program.currency} rows={rows} />
      <Section
        title="Statement"
        aside={
          <Downloads
            what="the statement"
            files={reportFiles(program.program, 'statement', ['pdf', 'csv', 'xlsx', 'json'], {
              creator,
              asOf: at.asOf,
              effective: at.effective,
            })}
          />
        }
      >
        <PointInTimeForm
          key={`${at.asOf} ${at.effective}`}
          value={at}
          onChange={(value) => void navigate({ search: value })}
        />
        <StatementTable program={program} creator={creator} rows={rows} />
      </Section>
    </>
  );
}
