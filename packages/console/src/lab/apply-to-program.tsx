import {
  policyVersionDetailSchema,
  programOutSchema,
  putProgramResponseSchema,
} from '@rewardbook/contracts/api/programs';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { periodSchema } from '@rewardbook/contracts/values/period';
import type { PolicyView } from '@rewardbook/lab/view/policy-view';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { askJson, path } from '../api/client.ts';
import { isApprovalNeeded, orApproval, useCommand } from '../api/command.ts';
import { Button } from '../blocks/button.tsx';
import { ConfirmDialog } from '../blocks/dialog.tsx';
import { Field } from '../blocks/field.tsx';
import { Failure, Notice, Pending } from '../blocks/notice.tsx';
import { ApprovalNotice } from '../books/approval-notice.tsx';
import { missingRight, usePerson } from '../session/session.ts';
import { changesBetween, describeChanges } from './policies/what-changes.ts';
import { useLab } from './state/lab-state.ts';

/** Makes the candidate a new version of its program's policy, or asks a second person to. */
export function ApplyToProgram({ view }: { readonly view: PolicyView | undefined }) {
  const { b } = useLab();
  const person = usePerson();
  const [isOpen, setOpen] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const { program } = b.policy;
  const found = useQuery({
    queryKey: ['lab', 'applied-to', program],
    queryFn: async ({ signal }) => {
      const { policyVersion } = await askJson(
        { service: 'ledger', path: path`/v1/programs/${program}`, signal },
        programOutSchema,
      );
      const version = await askJson(
        { service: 'ledger', path: path`/v1/programs/${program}/policies/${String(policyVersion)}`, signal },
        policyVersionDetailSchema,
      );
      const parsed = parsePolicy(version.policy);
      return parsed.ok ? { version: policyVersion, policy: parsed.value } : null;
    },
    enabled: isOpen,
    retry: false,
  });
  const [from, setFrom] = useState('');
  const apply = useCommand(
    (period: string) => ({
      service: 'ledger',
      method: 'PUT',
      path: path`/v1/programs/${program}`,
      query: { from: period === '' ? undefined : period },
      body: b.policy,
    }),
    orApproval(putProgramResponseSchema),
  );
  const fromFault = from === '' || periodSchema.safeParse(from).success ? undefined : 'Give a period, as 2026-12';
  const refusal = !person.can('operate')
    ? missingRight('operate', person.name)
    : b.issues.length > 0
      ? 'The candidate is not a policy yet.'
      : undefined;
  return (
    <>
      <Button kind="primary" refusal={refusal} onPress={() => setOpen(true)}>
        Apply to {program}
      </Button>
      {done === null ? null : (
        <Notice tone="good" title={done}>
          <Link to="/books/$program" params={{ program }}>
            See the program
          </Link>
        </Notice>
      )}
      {apply.data !== undefined && isApprovalNeeded(apply.data) ? (
        <ApprovalNotice program={program} answer={apply.data} />
      ) : null}
      <ConfirmDialog
        title={`Apply the candidate to ${program}`}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        verb="Make it the policy"
        isBusy={apply.isPending}
        error={apply.error}
        onConfirm={() => {
          if (fromFault === undefined && found.isSuccess) {
            apply.mutate(from, {
              onSuccess: (answer) => {
                setOpen(false);
                setDone(
                  isApprovalNeeded(answer)
                    ? null
                    : answer.changed
                      ? `Version ${answer.version} of ${program}’s policy holds from ${answer.validFrom ?? 'the beginning'} on`
                      : 'Nothing to do: this policy holds already',
                );
              },
            });
          }
        }}
      >
        {found.isPending ? (
          <Pending what="the program’s policy" />
        ) : found.isError ? (
          <Failure error={found.error} what={`The policy of ${program} could not be read`} />
        ) : (
          <>
            <p>
              {found.data === null
                ? `The policy of ${program} cannot be read.`
                : describeChanges(changesBetween(found.data.policy, b.policy)).replace(
                    'The candidate changes',
                    `Against version ${found.data.version}, which holds now, the candidate changes`,
                  )}
            </p>
            {view === undefined ? null : (
              <p>
                On these events {view.currency} {view.moneyMoved} would move: {view.winners} creators win, {view.losers}{' '}
                lose.
              </p>
            )}
            <Field
              label="From period (optional)"
              hint="Left out: the first that is not closing or closed."
              value={from}
              onChange={setFrom}
              error={fromFault}
            />
          </>
        )}
      </ConfirmDialog>
    </>
  );
}
