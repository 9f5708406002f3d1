import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Section } from '../../blocks/section.tsx';
import { EntryLink } from '../links.tsx';

/** When and under what a period was closed. */
export function CloseRecord({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  const { closedAt, policyVersion, entryKey } = period;
  return (
    <Section title="Close">
      <Facts>
        <Fact label="Closed">
          {closedAt === null ? '–' : <Instant at={closedAt} timeZone={program.timeZone} showsUtc />}
        </Fact>
        <Fact label="Policy version">{policyVersion ?? '–'}</Fact>
        <Fact label="Journal entry">
          {entryKey === null ? '–' : <EntryLink program={program.program} entryKey={entryKey} />}
        </Fact>
      </Facts>
    </Section>
  );
}
