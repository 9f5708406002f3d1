import type { AttackAnswer } from '@rewardbook/lab/answer/try-attack';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Failure } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { Page } from '../../shell/page.tsx';
import { SimulationNotice } from '../lab-frame.tsx';
import { WhatChanges } from '../policies/policies-panel.tsx';
import { Progress } from '../progress.tsx';
import { useLab } from '../state/lab-state.ts';
import { TakeAlong } from '../take-along.tsx';
import { useAnswer } from '../use-answer.ts';
import { AttackForm } from './attack-form.tsx';
import { type AttackSearch, attackOptions, attackQuestion } from './attack-question.ts';
import { AttackView } from './attack-view.tsx';

/** What somebody who games the rules gains under each policy and rule, and at which price it pays. */
export function AttackPage() {
  const lab = useLab();
  const search: AttackSearch = lab.search;
  const navigate = useNavigate();
  const answer = useAnswer();
  const question = useMemo(
    () => attackQuestion(search, lab.a.policy, lab.b.policy),
    [search, lab.a.policy, lab.b.policy],
  );
  return (
    <Page
      title="Attack"
      lead="Somebody games the rules: what they gain under both policies, which rule stops them, and what others lose."
    >
      <SimulationNotice lab={lab} />
      <WhatChanges />
      <Section title="The attack">
        <AttackForm
          search={search}
          isBusy={answer.isRunning}
          onChange={(next) => void navigate({ to: '.', search: (before) => ({ ...before, ...next }), replace: true })}
          onAttack={() => answer.ask(question)}
        />
      </Section>
      {answer.isRunning ? (
        <Progress what="The attack is tried" progress={answer.progress} onCancel={answer.cancel} />
      ) : null}
      {answer.error === null ? null : <Failure error={answer.error} what="The attack was not tried" />}
      {answer.answer === undefined ? null : (
        <AttackView answer={answer.answer as AttackAnswer /* the worker made it */} />
      )}
      <TakeAlong name="attack" question={question} policies="both" options={attackOptions(search)} />
    </Page>
  );
}
