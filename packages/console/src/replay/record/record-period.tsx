import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { Downloads } from '../../blocks/downloads.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { periodsQuery } from '../../books/queries.ts';

/** The accepted events of a program or of one of its periods as a file: what `rewardbook record` writes. */
export function RecordPeriod({ program }: { readonly program: ProgramOut }) {
  const periods = useQuery(periodsQuery(program.program));
  const [chosen, setChosen] = useState('');
  const period = periods.data?.items.find((one) => one.period === chosen);
  const query = period === undefined ? {} : { occurredFrom: period.start, occurredUntil: period.end };
  const place = path`/v1/programs/${program.program}/events/file`;
  const name = `${program.program}-${period?.period ?? 'all'}`;
  const what = period === undefined ? 'all events' : `the events of ${period.period}`;
  return (
    <Section title="Record events">
      <p className="quiet">
        Each accepted event once, ordered by id, source and viewer: the same events give the same bytes. NDJSON can be
        sent again unchanged. Earlier events also decide what a close counts.
      </p>
      <Reading of={periods} what="the periods" />
      {periods.data === undefined ? null : (
        <>
          <Choice
            label="Which events"
            value={chosen}
            options={[
              { value: '', text: 'all of the program' },
              ...periods.data.items.map((one) => ({ value: one.period, text: `those that happened in ${one.period}` })),
            ]}
            onChange={setChosen}
          />
          <Downloads
            what={what}
            files={[
              {
                label: 'NDJSON',
                call: { service: 'events', path: place, query: { ...query, format: 'ndjson' } },
                fileName: `${name}.ndjson`,
              },
              {
                label: 'CSV',
                call: { service: 'events', path: place, query: { ...query, format: 'csv' } },
                fileName: `${name}.csv`,
              },
            ]}
          />
        </>
      )}
    </Section>
  );
}
