import { QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import type { ScreenedCreator, Screening } from '@rewardbook/simulate/screen/screen';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import type { z } from 'zod';
import { Field } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { groupDigits, percentOf } from '../../format/decimal-text.ts';
import { Page } from '../../shell/page.tsx';
import type { labScreenSearchSchema } from '../address/lab-search.ts';
import { SimulationNotice } from '../lab-frame.tsx';
import { Progress } from '../progress.tsx';
import { useLab } from '../state/lab-state.ts';
import { TakeAlong } from '../take-along.tsx';
import { useAnswer } from '../use-answer.ts';
import type { DeskQuestion } from '../worker/messages.ts';
import { Sparkline } from './sparkline.tsx';

type ScreenSearch = z.output<typeof labScreenSearchSchema>;
type Limit = 'periods' | 'minFollows' | 'minFollowers' | 'maxFollowers' | 'top';

const LIMITS: readonly (readonly [Limit, string, string])[] = [
  ['periods', 'Last periods', 'all if left out'],
  ['minFollows', 'Least follows won', `${QUESTION_DEFAULTS.minFollows} if left out`],
  ['minFollowers', 'From followers', ''],
  ['maxFollowers', 'Up to followers', ''],
  ['top', 'How many', `${QUESTION_DEFAULTS.listed} if left out`],
];

/** Creators who win more followers than others of their size, period after period. */
export function ScreenPage() {
  const lab = useLab();
  const search: ScreenSearch = lab.search;
  const navigate = useNavigate();
  const answer = useAnswer();
  const question = useMemo(
    (): DeskQuestion => ({
      question: 'screen',
      policy: lab.b.policy,
      periods: search.periods ?? QUESTION_DEFAULTS.screenedPeriods,
      minFollows: search.minFollows ?? QUESTION_DEFAULTS.minFollows,
      minFollowers: search.minFollowers ?? QUESTION_DEFAULTS.minFollowers,
      maxFollowers: search.maxFollowers ?? QUESTION_DEFAULTS.maxFollowers,
      top: search.top ?? QUESTION_DEFAULTS.listed,
    }),
    [lab.b.policy, search.periods, search.minFollows, search.minFollowers, search.maxFollowers, search.top],
  );
  const { ask } = answer;
  useEffect(() => ask(question), [ask, question]);
  const found = answer.answer as Screening | undefined; // the worker made it
  return (
    <Page
      title="Screening"
      lead="Rising creators: who wins more followers than others of their size, and steadily. Money plays no part."
    >
      <SimulationNotice lab={lab} />
      <Section title="Who is looked for">
        <div className="filters">
          {LIMITS.map(([name, label, hint]) => (
            <Field
              key={name}
              label={label}
              hint={hint}
              inputMode="decimal"
              value={search[name] === undefined ? '' : `${search[name]}`}
              onChange={(text) =>
                void navigate({
                  to: '.',
                  search: (before) => ({ ...before, [name]: /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined }),
                  replace: true,
                })
              }
            />
          ))}
        </div>
      </Section>
      {answer.isRunning ? <Progress what="Creators are screened" progress={answer.progress} /> : null}
      {answer.error === null ? null : <Failure error={answer.error} what="Nobody was screened" />}
      {found === undefined ? null : (
        <Section title={`Rising, ${found.periods.at(0) ?? ''} to ${found.periods.at(-1) ?? ''}`}>
          <DataTable
            caption="Rising creators"
            columns={columnsOf(found.periods)}
            rows={found.creators}
            rowKey={({ creatorId }) => creatorId}
            empty="Nobody won that many follows."
          />
        </Section>
      )}
      <TakeAlong name="screen" question={question} policies="candidate" options={optionsOf(search)} />
    </Page>
  );
}

const OPTION_NAMES: Readonly<Record<Limit, string>> = {
  periods: '--periods',
  minFollows: '--min-follows',
  minFollowers: '--min-followers',
  maxFollowers: '--max-followers',
  top: '--top',
};

function optionsOf(search: ScreenSearch): string[] {
  return LIMITS.flatMap(([name]) => (search[name] === undefined ? [] : [OPTION_NAMES[name], `${search[name]}`]));
}

function columnsOf(periods: readonly string[]): TableColumn<ScreenedCreator>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      cell: ({ creatorId, handle }) => (
        <>
          <Name>{creatorId}</Name>
          {handle === null ? null : (
            <span className="quiet">
              {' '}
              <Name>{handle}</Name>
            </span>
          )}
        </>
      ),
    },
    { id: 'before', header: 'Followers', isNumeric: true, cell: ({ followersBefore }) => groupCount(followersBefore) },
    { id: 'won', header: 'Won', isNumeric: true, cell: ({ netFollows }) => groupCount(netFollows) },
    {
      id: 'growth',
      header: 'Growth',
      isNumeric: true,
      cell: ({ growth }) => (growth === null ? 'new' : percentOf(growth)),
    },
    { id: 'lift', header: 'Of peers’ mean', isNumeric: true, cell: ({ lift }) => `${groupDigits(lift)}×` },
    { id: 'steadiness', header: 'Steadiness', isNumeric: true, cell: ({ steadiness }) => percentOf(steadiness) },
    { id: 'score', header: 'Score', isNumeric: true, cell: ({ score }) => groupDigits(score) },
    { id: 'points', header: 'Points by period', cell: ({ points }) => <Sparkline values={points} names={periods} /> },
  ];
}
