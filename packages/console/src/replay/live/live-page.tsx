import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from '../../blocks/button.tsx';
import { Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { programStep } from '../../books/program-trail.tsx';
import { useProgram } from '../../books/use-program.ts';
import { LiveBadge, LostStream } from '../../live/live-badge.tsx';
import { useLiveBooks, useLiveIngest } from '../../live/use-live.ts';
import { Page } from '../../shell/page.tsx';
import { BatchesView } from './batches-view.tsx';
import { EventsView } from './events-view.tsx';
import { RateFigures } from './rate-figures.tsx';
import { RatesChart } from './rates-chart.tsx';
import { RefusedView } from './refused-view.tsx';

const VIEWS = [
  { view: undefined, title: 'Batches' },
  { view: 'refused', title: 'Refused events' },
  { view: 'events', title: 'Events' },
] as const;

/** What arrives for a program, second by second, and what became of it. */
export function LivePage() {
  const program = useProgram();
  const { paused, view } = useSearch({ from: '/replay/$program/' });
  const navigate = useNavigate({ from: '/replay/$program/' });
  const isPaused = paused === 'yes';
  const ingest = useLiveIngest(program.program, !isPaused);
  const books = useLiveBooks(program.program);
  const { rates, tally, batches, refused } = ingest.parts;
  return (
    <Page
      trail={[programStep(program)]}
      title="Live"
      lead="What arrives, and what becomes of it, in all copies of the service."
      actions={
        <>
          <LiveBadge state={ingest.state} isPaused={isPaused} />
          <Button
            onPress={() =>
              void navigate({
                search: (before) => ({ ...before, paused: isPaused ? undefined : ('yes' as const) }),
                replace: true,
              })
            }
          >
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        </>
      }
    >
      {isPaused ? null : <LostStream of={ingest} what="These figures" />}
      {rates === undefined || tally === undefined ? (
        isPaused || ingest.state !== 'connecting' ? null : (
          <Pending what="what arrives" />
        )
      ) : (
        <>
          <RateFigures rates={rates} tally={tally} queues={books.parts.queues} />
          <Section title="The last minute">
            <RatesChart rates={rates} timeZone={program.timeZone} />
          </Section>
        </>
      )}
      <Section title={VIEWS.find((one) => one.view === view)?.title ?? 'Batches'} aside={<Views />}>
        {view === 'refused' ? (
          <RefusedView program={program} newest={refused?.newest} isPaused={isPaused} />
        ) : view === 'events' ? (
          <EventsView program={program} newest={newestBatch(batches)} isPaused={isPaused} />
        ) : (
          <BatchesView program={program} newest={batches && JSON.stringify(batches)} isPaused={isPaused} />
        )}
      </Section>
    </Page>
  );
}

function newestBatch(batches: readonly { readonly batchId: string }[] | undefined): string | undefined {
  return batches?.[0]?.batchId;
}

function Views() {
  const { paused, view: shown } = useSearch({ from: '/replay/$program/' });
  return (
    <nav className="tabs" aria-label="What is listed">
      {VIEWS.map(({ view, title }) => (
        <Link
          key={title}
          from="/replay/$program/"
          to="/replay/$program"
          search={{ view, paused }}
          // The search decides, not the path: its filters differ.
          activeOptions={{ includeSearch: true, exact: true }}
          activeProps={{}}
          {...(shown === view ? { 'aria-current': 'page', 'data-status': 'active' } : {})}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
