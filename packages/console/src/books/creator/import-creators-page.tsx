import { creatorsImportedSchema, creatorsWaitingSchema } from '@rewardbook/contracts/api/creators';
import { Link } from '@tanstack/react-router';
import { z } from 'zod';
import { path } from '../../api/client.ts';
import { isApprovalNeeded, useCommand } from '../../api/command.ts';
import { FileChooser } from '../../blocks/file-chooser.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { ApprovalNotice } from '../approval-notice.tsx';
import { FileFailure } from '../issue-list.tsx';
import { creatorsStep, programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';

const answerSchema = z.union([creatorsWaitingSchema, creatorsImportedSchema]);

/** Registers creators from a CSV: all of them or none; faults are said with their lines. */
export function ImportCreatorsPage() {
  const program = useProgram();
  const person = usePerson();
  const send = useCommand(
    (file: File) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/creators`,
      body: new Blob([file], { type: 'text/csv' }),
    }),
    answerSchema,
  );
  return (
    <Page
      trail={[programStep(program), creatorsStep(program)]}
      title="Import creators"
      lead="All creators of a file are registered, or none. Those that are not in it stay unchanged."
    >
      <Section title="From a file">
        {person.can('operate') ? (
          <FileChooser
            label="Drop a list of creators here"
            types={['.csv', 'text/csv']}
            button={send.isPending ? 'Importing …' : 'Choose a file'}
            isPrimary
            onChoose={send.mutate}
            outcome={send.error === null ? null : <FileFailure error={send.error} what="No creator was registered" />}
          >
            <p>
              Drop a CSV here, or choose one. Its header names the columns, in any order:{' '}
              <code>
                creatorId, handle, country, joinedOn, followers, viewerIds, taxCountry, payee, account, scoutId,
                scoutedOn
              </code>
              . Only <code>creatorId</code> has to be there; <code>viewerIds</code> are separated by blanks.
            </p>
          </FileChooser>
        ) : (
          <p className="quiet">{missingRight('operate', person.name)} Creators are registered by somebody who has.</p>
        )}
        {send.data === undefined ? null : <Outcome program={program.program} answer={send.data} />}
      </Section>
    </Page>
  );
}

function Outcome({ program, answer }: { readonly program: string; readonly answer: z.output<typeof answerSchema> }) {
  const { received, added, changed, unchanged } = answer;
  return (
    <>
      <Notice tone="good" title={`Read ${counted(received, 'creator')}`}>
        {groupCount(added)} new, {groupCount(changed)} changed, {groupCount(unchanged)} as they were.{' '}
        <Link to="/books/$program/creators" params={{ program }}>
          See the creators
        </Link>
      </Notice>
      {isApprovalNeeded(answer) && 'waiting' in answer ? (
        <>
          <p>
            Payment details of {counted(answer.waiting, 'creator')} change only once somebody else has approved it; all
            else is registered.
          </p>
          <ApprovalNotice program={program} answer={answer} />
        </>
      ) : null}
    </>
  );
}
