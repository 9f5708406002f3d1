import { QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import type { AttackAnswer } from '@rewardbook/lab/answer/try-attack';
import type { AttackResult } from '@rewardbook/simulate/attack/attack';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { z } from 'zod';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { Failure } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { groupDigits, isNegative } from '../../format/decimal-text.ts';
import { toPlot } from '../../format/plot.ts';
import type { labAttackSearchSchema } from '../../search.ts';
import { Page } from '../../shell/page.tsx';
import { GRID, legend, type Pointed, tooltip } from '../answers/chart-parts.ts';
import { SimulationNotice } from '../lab-frame.tsx';
import { useLab } from '../lab-state.ts';
import { WhatChanges } from '../policies/policies-panel.tsx';
import { Progress } from '../progress.tsx';
import { TakeAlong } from '../take-along.tsx';
import { useAnswer } from '../use-answer.ts';
import type { DeskQuestion } from '../worker/messages.ts';

type AttackSearch = z.output<typeof labAttackSearchSchema>;

const KINDS = {
  'bought-followers': 'Bought followers',
  'fake-viewers': 'Fake viewers who like',
  'like-ring': 'A ring of creators who like each other',
  toggling: 'Likes given and taken back',
  whale: 'One viewer who likes without end',
  split: 'One account split into several',
} as const;

const NAMES = ['baseline.yaml', 'candidate.yaml'] as const;

/** What somebody who games the rules gains under each policy and rule, and at which price it pays. */
export function AttackPage() {
  const lab = useLab();
  const search: AttackSearch = lab.search;
  const navigate = useNavigate();
  const answer = useAnswer();
  const set = (next: Partial<AttackSearch>): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...next }), replace: true });
  const kind =
    search.kind !== undefined && search.kind in KINDS ? (search.kind as keyof typeof KINDS) : 'bought-followers';
  const {
    size = QUESTION_DEFAULTS.fakeEvents,
    accounts,
    hours,
    cost = '0',
    accountCost = '0',
    creator,
    rules,
  } = search;
  const creatorIds = creator?.split(/\s+/).filter((id) => id !== '');
  const furtherRules = rules?.split(/[\s,]+/).filter((rule) => rule !== '') ?? [];
  const question: DeskQuestion = {
    question: 'attack',
    policies: [
      { name: NAMES[0], policy: lab.a.policy },
      { name: NAMES[1], policy: lab.b.policy },
    ],
    ...{
      kind,
      creatorIds: creatorIds?.length === 0 ? undefined : creatorIds,
      size,
      accounts,
      hours,
      cost,
      accountCost,
      rules: furtherRules,
    },
  };
  const whole = (name: 'size' | 'accounts' | 'hours', label: string, hint: string) => (
    <Field
      label={label}
      hint={hint}
      inputMode="decimal"
      value={search[name] === undefined ? '' : `${search[name]}`}
      onChange={(text) => set({ [name]: /^\d{1,9}$/.test(text) ? Number(text) : undefined })}
    />
  );
  return (
    <Page
      title="Attack"
      lead="Somebody games the rules: what they gain under both policies, which rule stops them, and what others lose."
    >
      <SimulationNotice lab={lab} />
      <WhatChanges />
      <Section title="The attack">
        <Form isRow onSubmit={() => answer.ask(question)}>
          <Choice
            label="Kind"
            value={kind}
            options={Object.entries(KINDS).map(([value, text]) => ({ value, text }))}
            onChange={(value) => set({ kind: value })}
          />
          {whole('size', 'Fake events', `${QUESTION_DEFAULTS.fakeEvents} if left out`)}
          {whole('accounts', 'Accounts', 'by kind if left out')}
          {whole('hours', 'Hours', 'all periods if left out')}
          <Field
            label="Price of an event"
            inputMode="decimal"
            value={search.cost ?? ''}
            onChange={(text) => set({ cost: text === '' ? undefined : text })}
          />
          <Field
            label="Price of an account"
            inputMode="decimal"
            value={search.accountCost ?? ''}
            onChange={(text) => set({ accountCost: text === '' ? undefined : text })}
          />
          <Field
            label="For creators"
            hint="from the middle if left out"
            value={creator ?? ''}
            onChange={(text) => set({ creator: text === '' ? undefined : text })}
          />
          <Field
            label="Rules to try alone"
            hint="as maxLikesPerPair=10"
            value={rules ?? ''}
            onChange={(text) => set({ rules: text === '' ? undefined : text })}
          />
          <Button type="submit" kind="primary" isBusy={answer.isRunning}>
            Attack
          </Button>
        </Form>
      </Section>
      {answer.isRunning ? (
        <Progress what="The attack is tried" progress={answer.progress} onCancel={answer.cancel} />
      ) : null}
      {answer.error === null ? null : <Failure error={answer.error} what="The attack was not tried" />}
      {answer.answer === undefined ? null : (
        <AttackView answer={answer.answer as AttackAnswer /* the worker made it */} />
      )}
      <TakeAlong
        name="attack"
        question={question}
        policies="both"
        options={[
          ...['--kind', kind, '--size', `${size}`],
          ...(accounts === undefined ? [] : ['--accounts', `${accounts}`]),
          ...(hours === undefined ? [] : ['--hours', `${hours}`]),
          ...['--cost', cost, '--account-cost', accountCost],
          ...(creatorIds === undefined || creatorIds.length === 0 ? [] : ['--creator', ...creatorIds]),
          ...(furtherRules.length === 0 ? [] : ['--rule', ...furtherRules]),
        ]}
      />
    </Page>
  );
}

function AttackView({ answer: { results, currency, creatorIds, kind } }: { readonly answer: AttackAnswer }) {
  const names = results.map(({ policy, rules }) => `${policy.replace('.yaml', '')}, ${rules}`);
  const option = useCallback(
    (colours: ChartColours) => optionOf(results, names, currency, colours),
    [results, currency, names],
  );
  const best = results.reduce(
    (most, result) => (toPlot(result.gain) > toPlot(most.gain) ? result : most),
    results[0] as AttackResult,
  );
  const title = 'Gain and honest loss by policy and rule';
  return (
    <Section title={`${KINDS[kind]} for ${creatorIds.join(', ')}`}>
      <Chart
        title={title}
        fileName="attack"
        text={`The attacker gains most under ${best.policy.replace('.yaml', '')} with rules ${best.rules}: ${groupDigits(best.gain)} ${currency}${best.breakEvenPrice === null ? '' : `; it pays below ${groupDigits(best.breakEvenPrice)} for an event`}.`}
        option={option}
        table={
          <DataTable
            caption={title}
            columns={columnsIn(currency)}
            rows={results}
            rowKey={({ policy, rules }) => `${policy} ${rules}`}
            empty="No cases"
          />
        }
      />
      <DataTable
        caption={`Attack, ${currency}`}
        columns={columnsIn(currency)}
        rows={results}
        rowKey={({ policy, rules }) => `${policy} ${rules}`}
        empty="No cases"
      />
    </Section>
  );
}

function optionOf(results: readonly AttackResult[], names: readonly string[], currency: string, colours: ChartColours) {
  return {
    grid: GRID,
    legend: legend(colours),
    tooltip: tooltip(colours, 'axis', ([point]: readonly Pointed[]) => {
      const result = results[point?.dataIndex ?? -1];
      return result === undefined
        ? ''
        : `${result.policy}, ${result.rules}\ngain ${groupDigits(result.gain)} ${currency}\nhonest loss ${groupDigits(result.honestLoss)}\nbreak-even price ${result.breakEvenPrice ?? 'none'}`;
    }),
    xAxis: { type: 'value', ...shortAxis(colours) },
    yAxis: {
      type: 'category',
      inverse: true,
      data: [...names],
      axisLabel: { color: colours['ink-soft'], width: 180, overflow: 'break' },
    },
    series: [
      {
        name: 'Gain',
        type: 'bar',
        itemStyle: { color: colours['chart-2'] },
        data: results.map(({ gain }) => toPlot(gain)),
      },
      {
        name: 'Honest loss',
        type: 'bar',
        itemStyle: { color: colours['chart-4'] },
        data: results.map(({ honestLoss }) => toPlot(honestLoss)),
      },
    ],
  };
}

function columnsIn(currency: string): TableColumn<AttackResult>[] {
  return [
    { id: 'policy', header: 'Policy', isRowHeader: true, cell: ({ policy }) => policy.replace('.yaml', '') },
    { id: 'method', header: 'Method', cell: ({ allocation }) => allocation.method },
    { id: 'rules', header: 'Rules', cell: ({ rules }) => rules },
    { id: 'gain', header: `Gain (${currency})`, isNumeric: true, cell: ({ gain }) => <Amount value={gain} isChange /> },
    {
      id: 'price',
      header: 'Pays below, an event',
      isNumeric: true,
      cell: ({ breakEvenPrice }) => (breakEvenPrice === null ? '–' : groupDigits(breakEvenPrice)),
    },
    {
      id: 'profit',
      header: 'Profit',
      isNumeric: true,
      cell: ({ profit }) => (
        <span className={isNegative(profit) ? 'amount amount-negative' : 'amount'}>{groupDigits(profit)}</span>
      ),
    },
    { id: 'loss', header: 'Others lose', isNumeric: true, cell: ({ honestLoss }) => <Amount value={honestLoss} /> },
    { id: 'losers', header: 'Losers', isNumeric: true, cell: ({ losers }) => groupCount(losers) },
    {
      id: 'stopped',
      header: 'Stopped by',
      cell: ({ excluded }) =>
        excluded
          .filter(({ events }) => events > 0)
          .map(({ rule, events }) => `${rule} ${groupCount(events)}`)
          .join(', '),
    },
  ];
}
