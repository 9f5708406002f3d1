import { type HoldBody, holdOutSchema, holdSetSchema } from '@rewardbook/contracts/api/holds';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { path } from '../../api/client.ts';
import { isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { wholeList } from '../../api/pages.ts';
import { Button } from '../../blocks/button.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { missingRight, usePerson } from '../../session/session.ts';
import { ApprovalNotice } from '../approval-notice.tsx';
import { PlaceHold } from './place-hold.tsx';

/** Holds in force on a creator, each to be lifted; and a form to place one. */
export function CreatorHolds({ program, creator }: { readonly program: ProgramOut; readonly creator: string }) {
  const person = usePerson();
  const place = path`/v1/programs/${program.program}/holds`;
  const holds = useQuery(wholeList({ service: 'ledger', path: place, query: { creator } }, holdOutSchema));
  const set = useCommand(
    (body: HoldBody) => ({ service: 'ledger', method: 'POST', path: place, body }),
    orApproval(holdSetSchema),
  );
  const refusal = person.can('operate') ? undefined : missingRight('operate', person.name);
  const inForce = holds.data?.items ?? [];
  return (
    <Section title="Holds" aside={<PlaceHold program={program} creator={creator} refusal={refusal} />}>
      {holds.data !== undefined && inForce.length === 0 ? (
        <p className="quiet">No hold keeps this creator from being paid.</p>
      ) : null}
      {holds.isError ? (
        <Failure error={holds.error} what="Could not read the holds" retry={() => void holds.refetch()} />
      ) : null}
      {isApprovalNeeded(set.data) ? <ApprovalNotice program={program.program} answer={set.data} /> : null}
      {set.error === null ? null : <Failure error={set.error} what="The hold was not lifted" />}
      {inForce.map(({ number, reason, note, actor, at }) => (
        <Notice
          key={number}
          tone="warn"
          title={`On hold: ${reason}`}
          action={
            <Button
              isSmall
              isBusy={set.isPending}
              refusal={refusal}
              onPress={() => set.mutate({ creatorId: creator, action: 'lift', reason })}
            >
              Lift this hold
            </Button>
          }
        >
          Placed by <Name>{actor}</Name>, <Instant at={at} timeZone={program.timeZone} />
          {note === null ? null : (
            <>
              : “<Name>{note}</Name>”
            </>
          )}
          . This creator is not paid while any hold is in force.
        </Notice>
      ))}
    </Section>
  );
}
