import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { VerifyRunOut } from '@rewardbook/contracts/api/verify';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '../../blocks/badge.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Failure } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { counted } from '../../format/counts.ts';
import { lastVerifyQuery } from '../queries.ts';

/** Whether the books were found to be right when they were checked last, and when that was. */
export function LastVerify({ program }: { readonly program: ProgramOut }) {
  const last = useQuery(lastVerifyQuery(program.program));
  if (last.isError) {
    return <Failure error={last.error} what="Could not read the last check" retry={() => void last.refetch()} />;
  }
  if (last.data === undefined) {
    return null;
  }
  return (
    <Section title="Integrity">
      <ul className="tasks">
        <li className="task">
          {last.data === null ? (
            <>
              <Badge tone="quiet">never checked</Badge>
              <span>The books of this program were not checked yet.</span>
            </>
          ) : (
            <Outcome run={last.data} timeZone={program.timeZone} />
          )}
          <Link to="/books/$program/integrity" params={{ program: program.program }}>
            Open the checks
          </Link>
        </li>
      </ul>
    </Section>
  );
}

function Outcome({ run, timeZone }: { readonly run: VerifyRunOut; readonly timeZone: string }) {
  const [tone, word, text] = outcomeOf(run);
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      <span>
        {text}, <Instant at={run.endedAt ?? run.startedAt} timeZone={timeZone} />
      </span>
    </>
  );
}

function outcomeOf({ state, ok, checks }: VerifyRunOut): readonly [Tone, string, ReactNode] {
  const broken = checks.filter((check) => check.ok === false).length;
  switch (state) {
    case 'running':
      return [
        'info',
        'under way',
        `${checks.filter((check) => check.state === 'done').length} of ${checks.length} kinds of checks are done, since`,
      ];
    case 'done':
      return ok === true
        ? ['good', 'every invariant holds', `All ${checks.length} kinds of checks`]
        : ['bad', 'broken', `${counted(broken, 'invariant is', 'invariants are')} broken`];
    case 'cancelled':
      return ['quiet', 'ended early', 'The last check was ended before it was done'];
    case 'interrupted':
    case 'failed':
      return ['warn', 'no result', 'The last check gave no result'];
  }
}
