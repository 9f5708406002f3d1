import { type RequestOut, requestOutSchema } from '@rewardbook/contracts/api/approvals';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Hash, Name } from '../../blocks/name.tsx';
import { Failure } from '../../blocks/notice.tsx';
import { missingRight, usePerson } from '../../session/session.ts';
import { describeRequest } from '../describe-request.ts';

const EMPTY = { note: '' };

export interface DecideDialogProps {
  readonly program: ProgramOut;
  readonly request: RequestOut | undefined;
  onClose(): void;
}

/** A request, whole; its decision is about just these contents. */
export function DecideDialog({ program, request, onClose }: DecideDialogProps) {
  return (
    <Dialog
      title={request === undefined ? '' : `Request ${request.request}`}
      isOpen={request !== undefined}
      onClose={onClose}
    >
      {request === undefined ? null : <Decision program={program} request={request} onClose={onClose} />}
    </Dialog>
  );
}

function Decision({
  program,
  request,
  onClose,
}: {
  readonly program: ProgramOut;
  readonly request: RequestOut;
  onClose(): void;
}) {
  const person = usePerson();
  const draft = useDraft(`decide:${program.program}:${request.request}`, EMPTY);
  const decide = useCommand(
    (verb: 'approve' | 'reject') => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/approvals/${String(request.request)}/${verb}`,
      body: {
        payloadHash: request.payloadHash,
        ...(draft.values.note.trim() === '' ? {} : { note: draft.values.note.trim() }),
      },
    }),
    requestOutSchema,
  );
  const send = (verb: 'approve' | 'reject'): void =>
    decide.mutate(verb, {
      onSuccess: () => {
        draft.clear();
        onClose();
      },
    });
  const isPending = request.status === 'pending';
  const refusal = !person.can('approve')
    ? missingRight('approve', person.name)
    : person.name === request.requestedBy
      ? 'You asked for it: somebody else approves.'
      : undefined;
  return (
    <>
      <RequestFacts program={program} request={request} />
      {decide.error === null ? null : <Failure error={decide.error} what="Nothing was decided" />}
      {isPending ? (
        <>
          <Field label="Note (optional)" value={draft.values.note} onChange={(text) => draft.set('note', text)} />
          <div className="dialog-actions">
            <Button onPress={onClose}>Cancel</Button>
            {person.can('approve') ? (
              <Button kind="danger" onPress={() => send('reject')} isBusy={decide.isPending}>
                {person.name === request.requestedBy ? 'Take it back' : 'Reject'}
              </Button>
            ) : null}
            <Button kind="primary" onPress={() => send('approve')} isBusy={decide.isPending} refusal={refusal}>
              Approve and do it
            </Button>
          </div>
        </>
      ) : (
        <div className="dialog-actions">
          <Button onPress={onClose}>Close</Button>
        </div>
      )}
    </>
  );
}

function RequestFacts({ program, request }: { readonly program: ProgramOut; readonly request: RequestOut }) {
  const { status, requestedBy, requestedAt, decidedBy, decidedAt, note, outcome, payload, payloadHash } = request;
  return (
    <>
      <p dir="auto">
        <strong>{describeRequest(request, program.currency)}</strong>
      </p>
      <Facts>
        <Fact label="Status">
          <StatusBadge status={status} />
        </Fact>
        <Fact label="Asked by">
          <Name>{requestedBy}</Name>, <Instant at={requestedAt} timeZone={program.timeZone} />
        </Fact>
        {decidedAt === null ? null : (
          <Fact label="Decided by">
            {decidedBy === null ? 'taken back' : <Name>{decidedBy}</Name>},{' '}
            <Instant at={decidedAt} timeZone={program.timeZone} />
          </Fact>
        )}
        {note === null ? null : (
          <Fact label="Note">
            <Name>{note}</Name>
          </Fact>
        )}
        {outcome === null ? null : (
          <Fact label="What came of it">
            <Name>{outcome}</Name>
          </Fact>
        )}
        <Fact label="Contents (SHA-256)">
          <Hash>{payloadHash}</Hash>
        </Fact>
      </Facts>
      <details>
        <summary>All contents</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard */}
        <pre className="table-box payload" tabIndex={0}>
          {JSON.stringify(payload, null, 2)}
        </pre>
      </details>
    </>
  );
}
