import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { queryClient } from '../api/query-client.ts';
import { Button } from '../blocks/button.tsx';
import { Fact, Facts } from '../blocks/figures.tsx';
import { Failure, Notice, Pending } from '../blocks/notice.tsx';
import { counted, groupCount } from '../format/counts.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { type LabSearch, labSharedSchema } from './address/lab-search.ts';
import { Progress } from './progress.tsx';
import { FileMissing, sourceKey } from './source/resolve.ts';
import {
  LabProvider,
  type OpenLab,
  useEdited,
  useLabSearch,
  useOpenedEvents,
  usePolicies,
  useReading,
} from './state/lab-state.ts';

const PAGES = [
  ['/lab/policies', 'Two policies'],
  ['/lab/sweep', 'Sweep and seeds'],
  ['/lab/attack', 'Attack'],
  ['/lab/screening', 'Screening'],
] as const;

/** The lab: its pages at the side, what they are about above them. */
export function LabFrame() {
  const search = useLabSearch();
  const isChoosing = useLocation({ select: ({ pathname }) => pathname.replace(/\/$/, '') === '/lab' });
  const hasEvents = sourceKey(search) !== undefined;
  return (
    <div className={hasEvents ? 'frame' : 'frame frame-single'}>
      {hasEvents ? (
        <aside className="sidebar" aria-label="Lab">
          <nav aria-label="Lab">
            <ul className="sections">
              <li>
                <Link to="/lab" search={{}} activeOptions={{ exact: true, includeSearch: false }}>
                  Choose other events
                </Link>
              </li>
              {PAGES.map(([to, text]) => (
                <li key={to}>
                  <Link
                    to={to}
                    search={(before) => labSharedSchema.parse(before)}
                    activeOptions={{ includeSearch: false }}
                  >
                    {text}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        </aside>
      ) : null}
      {isChoosing ? <Outlet /> : <WithEvents search={search} />}
    </div>
  );
}

function WithEvents({ search }: { readonly search: LabSearch }) {
  const opened = useOpenedEvents(search);
  const progress = useReading();
  const policies = usePolicies(opened.data, search);
  const a = useEdited(policies.documents?.a, opened.data?.policy);
  const b = useEdited(policies.documents?.b, opened.data?.policy);
  if (sourceKey(search) === undefined) {
    return (
      <div className="page page-narrow">
        <PageTitle>No events are chosen</PageTitle>
        <p>
          The lab works on events: <Link to="/lab">choose some</Link>.
        </p>
      </div>
    );
  }
  if (opened.isError) {
    return (
      <div className="page page-narrow">
        <PageTitle>The events could not be read</PageTitle>
        {opened.error instanceof FileMissing ? (
          <Notice tone="warn" title={opened.error.message}>
            <Link to="/lab">Choose a file</Link>
          </Notice>
        ) : (
          <Failure error={opened.error} what="There is nothing to work on" retry={() => void opened.refetch()} />
        )}
      </div>
    );
  }
  if (policies.error !== null) {
    return (
      <div className="page page-narrow">
        <PageTitle>The policies of this link cannot be read</PageTitle>
        <Failure error={policies.error} what="There is nothing to compare" />
      </div>
    );
  }
  if (opened.data === undefined || a === undefined || b === undefined) {
    return (
      <div className="page page-narrow">
        <PageTitle>Lab</PageTitle>
        <div className="pending">
          {opened.isPending ? (
            <Progress
              what="Events are read"
              progress={progress}
              onCancel={() => void queryClient.cancelQueries({ queryKey: ['lab', 'open'] })}
            />
          ) : (
            <Pending what="the policies" />
          )}
          {opened.fetchStatus === 'idle' && opened.isPending ? (
            <Button onPress={() => void opened.refetch()}>Read them</Button>
          ) : null}
        </div>
      </div>
    );
  }
  const lab: OpenLab = { opened: opened.data, search, a, b, edit: policies.edit };
  return (
    <LabProvider value={lab}>
      <Outlet />
    </LabProvider>
  );
}

/** On top of every page: that nothing of it is paid, and what it is about. */
export function SimulationNotice({ lab: { opened, search } }: { readonly lab: OpenLab }) {
  const { events, creators, viewers, registered, leftOut, repeated, firstFault, otherRegistry, revenue } = opened;
  const periods = [...new Set(revenue.map(({ period }) => period))];
  return (
    <Notice tone="info" title="Simulation: nothing here is booked, and nothing of it is final">
      <details>
        <summary>
          {counted(events, 'event')} of {nameOf(search)}, {periods.join(', ')}
        </summary>
        <Facts>
          <Fact label="Events">
            {groupCount(events)} accepted; {counted(leftOut, 'line')} left out
            {firstFault === undefined ? '' : ` (the first: ${firstFault})`}; {groupCount(repeated)} repeated
          </Fact>
          <Fact label="Who">
            {groupCount(creators)} creators and {groupCount(viewers)} viewers in the events; {groupCount(registered)}{' '}
            creators registered
          </Fact>
          <Fact label="Revenue">{revenue.map(({ period, amount }) => `${period}: ${amount}`).join('; ')}</Fact>
          <Fact label="Final">
            {search.program === undefined
              ? 'These events are in no program: nothing of them is paid.'
              : 'What closed periods paid is in the books. With the policy of its close, a closed period comes out here as the close posted it.'}
          </Fact>
          {otherRegistry.length === 0 ? null : (
            <Fact label="Registry">
              {otherRegistry.join(', ')} {otherRegistry.length === 1 ? 'was' : 'were'} closed with another registry of
              creators; {periods.at(-1)}’s is used for all periods here.
            </Fact>
          )}
        </Facts>
      </details>
    </Notice>
  );
}

function nameOf({ pack, program, file, scenario }: LabSearch): string {
  if (program !== undefined) {
    return `${program} as recorded`;
  }
  return file ?? `the ${scenario === undefined ? 'pack' : 'changed pack'} ${pack}`;
}
