import { type PolicyVersionOut, type ProgramOut, putProgramResponseSchema } from '@rewardbook/contracts/api/programs';
import { periodSchema } from '@rewardbook/contracts/values/period';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Notice, Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { missingRight, usePerson } from '../../session/session.ts';
import { ApprovalNotice } from '../approval-notice.tsx';
import { periodsQuery } from '../queries.ts';
import { firstOpenPeriod } from './first-open-period.ts';
import { PolicyChanges } from './policy-changes.tsx';
import { PolicyText, usePolicyText } from './policy-text.tsx';
import { policyVersionQuery } from './queries.ts';
import { versionAt } from './version-at.ts';

const EMPTY = { text: '', from: '' };

export interface ApplyVersionProps {
  readonly program: ProgramOut;
  readonly versions: readonly PolicyVersionOut[];
}

/** A new version from a file: compared with the one in whose place it comes, then applied, by two people where that is asked for. */
export function ApplyVersion({ program, versions }: ApplyVersionProps) {
  const person = usePerson();
  const draft = useDraft(`policy:${program.program}`, EMPTY);
  const periods = useQuery(periodsQuery(program.program));
  const [isAsking, setIsAsking] = useState(false);
  const read = usePolicyText(draft.values.text);
  const typedFrom = draft.values.from.trim();
  const from = periodSchema.safeParse(typedFrom);
  const fromFault = typedFrom === '' || from.success ? undefined : 'Give a period, as 2026-11';
  const apply = useCommand(
    (policy: Policy) => ({
      service: 'ledger',
      method: 'PUT',
      path: path`/v1/programs/${program.program}`,
      query: { from: typedFrom === '' ? undefined : typedFrom },
      body: policy,
    }),
    orApproval(putProgramResponseSchema),
  );
  if (!person.can('operate')) {
    return (
      <Section title="A new version">
        <p className="quiet">{missingRight('operate', person.name)} New versions are applied by somebody who has.</p>
      </Section>
    );
  }
  const first = periods.data === undefined ? undefined : firstOpenPeriod(periods.data.items);
  const holdsFrom = typedFrom === '' ? first : typedFrom;
  const policy = read?.ok === true ? read.value : undefined;
  const replaced = holdsFrom === undefined ? undefined : versionAt(versions, holdsFrom);
  return (
    <Section title="A new version">
      <PolicyText text={draft.values.text} onChange={(text) => draft.set('text', text)} read={read} />
      <Reading of={periods} what="the periods" />
      <Field
        label="First period (optional)"
        hint={`Left out: ${first ?? 'the beginning'}, the first that is neither closing nor closed`}
        value={draft.values.from}
        onChange={(text) => draft.set('from', text)}
        error={fromFault}
      />
      {policy === undefined || replaced === undefined ? null : (
        <Preview program={program.program} replaced={replaced} policy={policy} />
      )}
      {apply.data === undefined ? null : isApprovalNeeded(apply.data) ? (
        <ApprovalNotice program={program.program} answer={apply.data} />
      ) : (
        <Notice
          tone="good"
          title={
            apply.data.changed
              ? `Applied as version ${apply.data.version}, from ${apply.data.validFrom ?? 'the beginning'} on`
              : `Nothing was changed: version ${apply.data.version} says the same from there on`
          }
        />
      )}
      {policy === undefined ? null : (
        <div>
          <Button
            kind="primary"
            onPress={() => setIsAsking(true)}
            refusal={
              policy.program === program.program
                ? undefined
                : `The policy is of ${policy.program}: it does not fit ${program.program}.`
            }
          >
            Apply this version …
          </Button>
        </div>
      )}
      <ConfirmDialog
        title="Apply this policy?"
        isOpen={isAsking && policy !== undefined}
        onClose={() => setIsAsking(false)}
        verb="Apply the version"
        isBusy={apply.isPending}
        error={apply.error}
        onConfirm={() => {
          if (policy !== undefined && fromFault === undefined) {
            apply.mutate(policy, {
              onSuccess: () => {
                draft.clear();
                setIsAsking(false);
              },
            });
          }
        }}
      >
        <p>
          It holds for closes from {holdsFrom ?? 'the beginning'} on, in the place of version {replaced?.version ?? '–'}
          . A version cannot be taken back; another one takes its place. Where the program asks for it, a second person
          approves first.
        </p>
        {fromFault === undefined ? null : <p className="field-error">{fromFault}</p>}
      </ConfirmDialog>
    </Section>
  );
}

interface PreviewProps {
  readonly program: string;
  readonly replaced: PolicyVersionOut;
  readonly policy: Policy;
}

function Preview({ program, replaced, policy }: PreviewProps) {
  const current = useQuery(policyVersionQuery(program, replaced.version));
  return (
    <>
      <Reading of={current} what={`version ${replaced.version}`} />
      {current.data === undefined ? null : (
        <PolicyChanges
          before={`Version ${replaced.version}`}
          after="The new one"
          policies={[current.data.policy, policy]}
          showsAll={false}
        />
      )}
    </>
  );
}
