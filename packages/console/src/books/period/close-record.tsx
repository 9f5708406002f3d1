import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Section } from '../../blocks/section.tsx';
import { EntryLink } from '../links.tsx';
import { closeQuery } from '../queries.ts';
import { PhaseTimeline } from './close-phases.tsx';

/** When and under what a period was closed. */
export function CloseRecord({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  const { closedAt, policyVersion, entryKey } = period;
  const close = useQuery(closeQuery(program.program, period.period));
  return (
    <Section title="Close">
      <Facts>
        <Fact label="Closed">
          {closedAt === null ? '–' : <Instant at={closedAt} timeZone={program.timeZone} showsUtc />}
        </Fact>
        <Fact label="Begun">
          {close.data === undefined ? (
            '–'
          ) : (
            <>
              <Instant at={close.data.begunAt} timeZone={program.timeZone} /> by <Name>{close.data.begunBy}</Name>
            </>
          )}
        </Fact>
        <Fact label="Policy version">{policyVersion ?? '–'}</Fact>
        <Fact label="Journal entry">
          {entryKey === null ? '–' : <EntryLink program={program.program} entryKey={entryKey} />}
        </Fact>
      </Facts>
      {close.data === undefined ? null : <PhaseTimeline close={close.data} timeZone={program.timeZone} />}
    </Section>
  );
}
