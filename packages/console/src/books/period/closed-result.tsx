import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { lockstepPageSchema, periodOutcomeSchema } from '@rewardbook/contracts/api/result';
import { useQuery } from '@tanstack/react-query';
import { path } from '../../api/client.ts';
import { wholeList, wholeOf } from '../../api/pages.ts';
import { Downloads } from '../../blocks/downloads.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Allocations } from './allocations.tsx';
import { ExcludedByRule, LockstepGroups, Measures } from './outcome-parts.tsx';

const NEVER = { staleTime: Number.POSITIVE_INFINITY } as const; // a closed period never changes

/** What a close came to, and whom it gave what. */
export function ClosedResult({ program, period }: { readonly program: ProgramOut; readonly period: string }) {
  const slug = program.program;
  const place = path`/v1/programs/${slug}/periods/${period}`;
  const outcome = useQuery({
    ...wholeOf({ service: 'ledger', path: `${place}/outcome` }, periodOutcomeSchema),
    ...NEVER,
  });
  const lockstep = useQuery({
    ...wholeList({ service: 'ledger', path: `${place}/lockstep` }, lockstepPageSchema.shape.items.element),
    ...NEVER,
  });
  return (
    <>
      <Allocations program={program} period={period} />
      <Reading of={outcome} what="the result" />
      {outcome.data === undefined ? null : (
        <>
          <ExcludedByRule excluded={outcome.data.excluded} closed={{ program: slug, period }} />
          <Measures outcome={outcome.data} />
        </>
      )}
      {lockstep.data === undefined || lockstep.data.items.length === 0 ? null : (
        <LockstepGroups groups={lockstep.data.items} />
      )}
      <Downloads
        what="the whole result"
        files={[
          {
            label: 'JSON',
            call: { service: 'ledger', path: `${place}/result` },
            fileName: `${slug}-${period}-result.json`,
          },
        ]}
      />
    </>
  );
}
