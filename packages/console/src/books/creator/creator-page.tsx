import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ApiProblem } from '../../api/problems.ts';
import { Downloads } from '../../blocks/downloads.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure, Notice, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { Page } from '../../shell/page.tsx';
import { creatorsStep, programStep } from '../program-trail.tsx';
import { reportFiles, statementQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { BalanceChart } from './balance-chart.tsx';
import { CreatorHolds } from './creator-holds.tsx';
import { CreatorPayouts } from './creator-payouts.tsx';
import { EarningsFigures } from './earnings-figures.tsx';
import { StatementTable } from './statement-table.tsx';

/** What a creator has earned, what is held, and what was paid. */
export function CreatorPage() {
  const program = useProgram();
  const { creator } = useParams({ from: '/books/$program/creators/$creator' });
  const statement = useQuery(statementQuery(program.program, creator));
  const isUnknown = statement.error instanceof ApiProblem && statement.error.code === 'creator-unknown';
  return (
    <Page trail={[programStep(program), creatorsStep(program)]} title={<Name>{creator}</Name>} titleText={creator}>
      {statement.isPending ? <Pending what="the statement" /> : null}
      {isUnknown ? (
        <Notice tone="info" title="Nothing is known of this creator">
          Nobody with this id is registered, and no event names it. Ids are compared letter by letter.
        </Notice>
      ) : statement.isError ? (
        <Failure error={statement.error} what="Could not read the statement" retry={() => void statement.refetch()} />
      ) : null}
      {statement.data === undefined ? null : <Contents program={program} creator={creator} rows={statement.data} />}
    </Page>
  );
}

interface ContentsProps {
  readonly program: ProgramOut;
  readonly creator: string;
  readonly rows: readonly StatementRow[];
}

function Contents({ program, creator, rows }: ContentsProps) {
  return (
    <>
      <EarningsFigures program={program.program} creator={creator} />
      <CreatorHolds program={program} creator={creator} />
      <CreatorPayouts program={program} creator={creator} />
      <BalanceChart creator={creator} currency={program.currency} rows={rows} />
      <Section
        title="Statement"
        aside={
          <Downloads
            what="the statement"
            files={reportFiles(program.program, 'statement', ['pdf', 'csv', 'xlsx', 'json'], { creator })}
          />
        }
      >
        <StatementTable program={program} creator={creator} rows={rows} />
      </Section>
    </>
  );
}
