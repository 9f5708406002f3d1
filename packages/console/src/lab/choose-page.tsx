import { parsePolicyFile } from '@rewardbook/contracts/files/policy-file';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../blocks/button.tsx';
import { useDraft } from '../blocks/draft.ts';
import { Choice, Field } from '../blocks/field.tsx';
import { FileChooser } from '../blocks/file-chooser.tsx';
import { Form } from '../blocks/form.tsx';
import { Failure, Notice, Reading } from '../blocks/notice.tsx';
import { Section } from '../blocks/section.tsx';
import { periodsQuery, programsQuery } from '../books/queries.ts';
import { FIRST_PACK, loadPackFile, PACKS } from '../packs/packs.ts';
import { Page } from '../shell/page.tsx';
import type { LabSearch } from './address/lab-search.ts';
import { toLinked } from './address/linked-text.ts';
import { keepFile, readRevenueText } from './source/resolve.ts';

/** Which events the lab is about. */
export function ChoosePage() {
  return (
    <Page
      title="Lab"
      lead="Try policies on events before anybody is paid by them. Choose the events first; nothing here touches the books."
    >
      <div className="choices">
        <RecordedChoice />
        <PackChoice />
        <FileChoice />
        <ScenarioChoice />
      </div>
    </Page>
  );
}

function useOpen(): (search: LabSearch) => void {
  const navigate = useNavigate();
  return (search) => void navigate({ to: '/lab/policies', search });
}

function RecordedChoice() {
  const open = useOpen();
  const programs = useQuery(programsQuery);
  const [chosen, setChosen] = useState('');
  const program = chosen === '' ? (programs.data?.items[0]?.program ?? '') : chosen;
  return (
    <Section title="A program, as recorded">
      <div className="panel stack">
        <p>Its events as its closes saw them, late and excluded ones too, with what the closes before left.</p>
        <Reading of={programs} what="the programs" />
        {programs.data === undefined ? null : programs.data.items.length === 0 ? (
          <p className="quiet">There is no program yet. Take a pack to begin with.</p>
        ) : (
          <>
            <Choice
              label="Program"
              value={program}
              options={programs.data.items.map((one) => ({ value: one.program, text: `${one.name} (${one.program})` }))}
              onChange={setChosen}
            />
            <PeriodsChoice key={program} program={program} onOpen={(periods) => open({ program, ...periods })} />
          </>
        )}
      </div>
    </Section>
  );
}

function PeriodsChoice({
  program,
  onOpen,
}: {
  readonly program: string;
  onOpen(periods: { from: string; to: string }): void;
}) {
  const periods = useQuery(periodsQuery(program));
  const [range, setRange] = useState<{ from?: string; to?: string }>({});
  if (periods.data === undefined) {
    return <Reading of={periods} what="its periods" />;
  }
  const { items } = periods.data;
  const latest = items.findLast(({ status }) => status === 'closed') ?? items.at(-1);
  if (latest === undefined) {
    return <p className="quiet">It has no revenue yet: there is nothing to split.</p>;
  }
  const { to = latest.period } = range;
  const from =
    range.from !== undefined &&
    items.findIndex(({ period }) => period === range.from) <= items.findIndex(({ period }) => period === to)
      ? range.from
      : to;
  const options = items.map(({ period, status }) => ({ value: period, text: `${period} (${status})` }));
  return (
    <Form isRow onSubmit={() => onOpen({ from, to })}>
      <Choice label="From" value={from} options={options} onChange={(value) => setRange({ to, from: value })} />
      <Choice label="To" value={to} options={options} onChange={(value) => setRange({ ...range, to: value })} />
      <Button type="submit" kind="primary">
        Open {program}
      </Button>
    </Form>
  );
}

const PACK_DRAFT = { pack: FIRST_PACK, events: '', seed: '' };

function PackChoice() {
  const open = useOpen();
  const draft = useDraft('lab-pack', PACK_DRAFT);
  const { pack, events, seed } = draft.values;
  return (
    <Section title="A pack">
      <Form onSubmit={() => open({ pack, events: wholeOf(events), seed: wholeOf(seed) })}>
        <div className="panel stack">
          <p>A program that is made up, with all that belongs to it; its events are made in this browser.</p>
          <Choice
            label="Pack"
            value={pack}
            options={PACKS.map((name) => ({ value: name, text: name }))}
            onChange={(value) => draft.set('pack', value)}
          />
          <div className="filters">
            <Field
              label="Events (optional)"
              inputMode="decimal"
              value={events}
              onChange={(text) => draft.set('events', text)}
            />
            <Field
              label="Seed (optional)"
              inputMode="decimal"
              value={seed}
              onChange={(text) => draft.set('seed', text)}
            />
          </div>
          <div>
            <Button type="submit" kind="primary">
              Open the pack
            </Button>
          </div>
        </div>
      </Form>
    </Section>
  );
}

const FILE_DRAFT = {
  policy: `program: my-program
name: My program
currency: IDR
timeZone: Asia/Jakarta
period: month
`,
  revenue: '2026-10=1000000.00',
  columns: '',
  utc: '',
};

function FileChoice() {
  const open = useOpen();
  const draft = useDraft('lab-file', FILE_DRAFT);
  const { policy, revenue, columns, utc } = draft.values;
  const [fault, setFault] = useState<string | undefined>();
  const [creators, setCreators] = useState<File | undefined>();
  const choose = (file: File): void => {
    const parsed = parsePolicyFile(policy);
    if (!parsed.ok) {
      setFault(describeIssues(parsed.issues));
      return;
    }
    setFault(undefined);
    keepFile({ name: file.name, file, creators });
    void Promise.all([
      toLinked(policy),
      toLinked(
        readRevenueText(revenue)
          .map(({ period, amount }) => `${period}=${amount}`)
          .join(','),
      ),
    ]).then(([base, linkedRevenue]) =>
      open({
        ...{ file: file.name, base, revenue: linkedRevenue },
        ...{ columns: columns === '' ? undefined : columns, utc: utc === 'yes' ? 'yes' : undefined },
      }),
    );
  };
  return (
    <Section title="A file">
      <FileChooser
        label="Drop a file of events here"
        types={['.ndjson', '.jsonl', '.csv', '.parquet', '.gz', 'application/x-ndjson', 'text/csv']}
        button="Choose a file of events"
        onChoose={choose}
        outcome={
          fault === undefined ? null : (
            <Notice tone="bad" title="The policy cannot be read">
              <pre className="payload">{fault}</pre>
            </Notice>
          )
        }
      >
        <p>
          Events as NDJSON, CSV or Parquet, plain or gzip. They stay in this browser: a link to a view of them asks for
          the file again.
        </p>
        <Field label="Policy (YAML)" isLong value={policy} onChange={(text) => draft.set('policy', text)} />
        <Field
          label="Revenue by period"
          hint="As 2026-10=1000000.00, one after the other"
          value={revenue}
          onChange={(text) => draft.set('revenue', text)}
        />
        <Field
          label="Columns (optional)"
          hint="Of CSV and Parquet, where their names do not say it: viewerId=user,type=action"
          value={columns}
          onChange={(text) => draft.set('columns', text)}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={utc === 'yes'}
            onChange={(event) => draft.set('utc', event.target.checked ? 'yes' : '')}
          />
          Times without an offset are UTC
        </label>
        <CreatorsFile chosen={creators} onChoose={setCreators} />
      </FileChooser>
    </Section>
  );
}

function CreatorsFile({
  chosen,
  onChoose,
}: {
  readonly chosen: File | undefined;
  onChoose(file: File | undefined): void;
}) {
  return (
    <label className="field">
      <span className="field-label">Registered creators (CSV, or JSON as the API takes them; optional)</span>
      <input
        type="file"
        accept=".csv,.json,text/csv,application/json"
        onChange={(event) => onChoose(event.target.files?.[0])}
      />
      {chosen === undefined ? null : <span className="field-hint">{chosen.name}</span>}
    </label>
  );
}

const SCENARIO_DRAFT = { pack: FIRST_PACK, events: '1000000', creators: '', viewers: '', seed: '', text: '' };

function ScenarioChoice() {
  const open = useOpen();
  const draft = useDraft('lab-scenario', SCENARIO_DRAFT);
  const { pack, events, creators, viewers, seed, text } = draft.values;
  const [error, setError] = useState<Error | null>(null);
  const submit = (): void => {
    setError(null);
    (text === '' ? Promise.resolve(undefined) : toLinked(text)).then(
      (scenario) =>
        open({
          ...{ pack, scenario, events: wholeOf(events), creators: wholeOf(creators) },
          ...{ viewers: wholeOf(viewers), seed: wholeOf(seed) },
        }),
      setError,
    );
  };
  const knob = (field: 'events' | 'creators' | 'viewers' | 'seed', label: string) => (
    <Field
      label={label}
      inputMode="decimal"
      value={draft.values[field]}
      onChange={(value) => draft.set(field, value)}
    />
  );
  return (
    <Section title="A scenario of your own">
      <Form onSubmit={submit}>
        <div className="panel stack">
          <p>
            A pack with other sizes, or with other habits: how popular stars are, how often follows are taken back, who
            games the rules.
          </p>
          <Choice
            label="Begin with the pack"
            value={pack}
            options={PACKS.map((name) => ({ value: name, text: name }))}
            onChange={(value) => draft.set('pack', value)}
          />
          <div className="filters">
            {knob('events', 'Events')}
            {knob('creators', 'Creators')}
            {knob('viewers', 'Viewers')}
            {knob('seed', 'Seed')}
          </div>
          {text === '' ? (
            <div>
              <Button
                isSmall
                onPress={() =>
                  void loadPackFile(pack, 'scenario.yaml').then((text) => draft.set('text', text), setError)
                }
              >
                Change its habits
              </Button>
            </div>
          ) : (
            <Field label="Scenario (YAML)" isLong value={text} onChange={(value) => draft.set('text', value)} />
          )}
          {error === null ? null : <Failure error={error} what="This scenario cannot be opened" />}
          <div className="row">
            <Button type="submit" kind="primary">
              Open the scenario
            </Button>
            {text === '' ? null : (
              <Button isSmall onPress={() => draft.set('text', '')}>
                The pack’s own habits
              </Button>
            )}
          </div>
        </div>
      </Form>
    </Section>
  );
}

/** A whole number that was typed; undefined: nothing, or no number. */
function wholeOf(text: string): number | undefined {
  const plain = text.replace(/[\s,.]/g, '');
  return /^\d{1,9}$/.test(plain) ? Number(plain) : undefined;
}
