import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import type { EstimatedGrid, MeasuredGrid } from '@rewardbook/lab/answer/measure-grid';
import { readAxisValues } from '@rewardbook/lab/question/axis-text';
import type { GridAxis } from '@rewardbook/lab/question/question';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { Button } from '../../blocks/button.tsx';
import { Choice, Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { Failure } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { Page } from '../../shell/page.tsx';
import type { labSweepSearchSchema } from '../address/lab-search.ts';
import { SimulationNotice } from '../lab-frame.tsx';
import { WhatChanges } from '../policies/policies-panel.tsx';
import { POLICY_FIELDS } from '../policies/policy-fields.ts';
import { Progress } from '../progress.tsx';
import { useLab } from '../state/lab-state.ts';
import { TakeAlong } from '../take-along.tsx';
import { useAnswer } from '../use-answer.ts';
import type { DeskQuestion } from '../worker/messages.ts';
import { GridView } from './grid-view.tsx';

type SweepSearch = z.output<typeof labSweepSearchSchema>;

const KEYS = POLICY_FIELDS.filter(({ kind }) => kind === 'decimal' || kind === 'count' || kind === 'choice');
const NO_KEY = { value: '', text: 'none' };

/** The candidate with one or two settings varied: what each value gives. */
export function SweepPage() {
  const lab = useLab();
  const search: SweepSearch = lab.search;
  const navigate = useNavigate();
  const [fault, setFault] = useState<Error | null>(null);
  const answer = useAnswer();
  const { key1 = 'weights.follow', values1 = '1..10:1', key2 = '', values2 = '', seeds } = search;
  const set = (next: Partial<SweepSearch>): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...next }), replace: true });
  const made = useMemo(
    () =>
      axesOf([
        [key1, values1],
        [key2, values2],
      ]),
    [key1, values1, key2, values2],
  );
  const axes = made instanceof Error ? [] : made;
  const question: DeskQuestion = { question: 'sweep', policy: lab.b.policy, axes, seeds };
  const canSeed = lab.opened.seed !== undefined;
  return (
    <Page
      title="Sweep and seeds"
      lead="The candidate with one setting varied as lines, with two as a map. Over several seeds: how much is chance."
    >
      <SimulationNotice lab={lab} />
      <WhatChanges />
      <Section title="What is varied">
        <Form
          isRow
          onSubmit={() => {
            setFault(made instanceof Error ? made : null);
            if (!(made instanceof Error)) {
              answer.ask(question);
            }
          }}
        >
          <Choice
            label="Setting"
            value={key1}
            options={KEYS.map(({ path, label }) => ({ value: path, text: label }))}
            onChange={(value) => set({ key1: value })}
          />
          <Field label="Values" hint="1..10:1, or 1,2,5" value={values1} onChange={(text) => set({ values1: text })} />
          <Choice
            label="Second setting"
            value={key2}
            options={[NO_KEY, ...KEYS.map(({ path, label }) => ({ value: path, text: label }))]}
            onChange={(value) => set({ key2: value === '' ? undefined : value })}
          />
          {key2 === '' ? null : (
            <Field
              label="Its values"
              hint="0.05..0.2:0.05"
              value={values2}
              onChange={(text) => set({ values2: text === '' ? undefined : text })}
            />
          )}
          {canSeed ? (
            <Field
              label="Seeds (optional)"
              hint="Runs of the scenario, 2 or more"
              inputMode="decimal"
              value={seeds === undefined ? '' : `${seeds}`}
              onChange={(text) => set({ seeds: /^\d{1,5}$/.test(text) ? Number(text) : undefined })}
            />
          ) : null}
          <Button type="submit" kind="primary" isBusy={answer.isRunning}>
            Measure
          </Button>
        </Form>
      </Section>
      {fault === null ? null : <Failure error={fault} what="These values cannot be tried" />}
      {answer.isRunning ? (
        <Progress what="The grid is measured" progress={answer.progress} onCancel={answer.cancel} />
      ) : null}
      {answer.error === null ? null : <Failure error={answer.error} what="The grid was not measured" />}
      {answer.answer === undefined ? null : (
        <GridView
          grid={answer.answer as MeasuredGrid | EstimatedGrid /* the worker made it */}
          figure={search.figure}
          onFigure={(figure) => set({ figure })}
        />
      )}
      <TakeAlong
        name="sweep"
        question={axes.length === 0 ? undefined : question}
        policies="candidate"
        options={[
          ...axes.flatMap(({ path, values }) => ['--set', `${path}=${values.join(',')}`]),
          ...(seeds === undefined ? [] : ['--seeds', `${seeds}`]),
        ]}
      />
    </Page>
  );
}

function axesOf(given: readonly (readonly [string, string])[]): GridAxis[] | Error {
  try {
    return given
      .filter(([path]) => path !== '')
      .map(([path, text]) => ({ path, values: readAxisValues(text.trim(), MAX_QUESTION.axisValues) }));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
