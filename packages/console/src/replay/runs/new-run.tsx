import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../blocks/button.tsx';
import { CheckList } from '../../blocks/check-list.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { FileChooser } from '../../blocks/file-chooser.tsx';
import { Form } from '../../blocks/form.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { groupCount } from '../../format/counts.ts';
import { PACKS } from '../../packs/packs.ts';
import { chosenFaults, EMPTY_RUN, newSeed, type RunFaults, type RunField, readRunForm } from './run-form.ts';
import { keepFileOf } from './run-store.ts';
import { newRunId, startRun } from './running.ts';
import type { RunRecord, RunSource } from './worker/run-record.ts';

const FAULTS = [
  { value: 'abort', text: 'abort: the request is given up before its answer, and sent again' },
  { value: 'truncate', text: 'truncate: gzip without its end goes before the request' },
  { value: 'duplicate', text: 'duplicate: the request is sent twice at the same time' },
  { value: 'garbage', text: 'garbage: lines that are not events between good ones' },
];

export interface NewRunProps {
  readonly program: string;
  readonly person: string;
  /** Why events cannot be sent; undefined: they can. */
  readonly refusal: string | undefined;
}

/** Chooses events and what is done to them, and begins. */
export function NewRun({ program, person, refusal }: NewRunProps) {
  const navigate = useNavigate();
  const draft = useDraft(`replay-${program}`, EMPTY_RUN);
  const { values, set } = draft;
  const [file, setFile] = useState<File | undefined>();
  const [faults, setFaults] = useState<RunFaults>({});
  const [drawn] = useState(newSeed);
  const [begun, setBegun] = useState<{ isBusy: boolean; error: unknown }>({ isBusy: false, error: undefined });
  const seed = values.seed.trim() === '' ? drawn : values.seed.trim();
  const pack = values.pack === '' ? (PACKS[0] ?? '') : values.pack;
  const begin = async (): Promise<void> => {
    const read = readRunForm(values, seed);
    if ('faults' in read) {
      setFaults(read.faults);
      return;
    }
    const source: RunSource | undefined =
      values.source === 'pack'
        ? { kind: 'pack', name: pack, events: read.events }
        : file && { kind: 'file', name: file.name, size: file.size };
    setFaults(source === undefined ? { source: 'Choose a file of events' } : {});
    if (source === undefined) {
      return;
    }
    const run: RunRecord = {
      ...{ id: newRunId(), program, person, startedAt: new Date().toISOString(), source, options: read.options },
      ...{ state: 'sending', failure: null, counts: null, comparison: null },
    };
    setBegun({ isBusy: true, error: undefined });
    try {
      if (file !== undefined && source.kind === 'file') {
        await keepFileOf(run.id, file); // without room for it the run still goes, and asks for the file to go again
      }
      await startRun(run, file);
      await navigate({ to: '/replay/$program/runs/$run', params: { program, run: run.id } });
    } catch (error) {
      setBegun({ isBusy: false, error });
    }
  };
  return (
    <Form onSubmit={() => void begin()}>
      <div className="panel stack">
        <Choice
          label="Events"
          value={values.source}
          options={[
            { value: 'file', text: 'from a file' },
            { value: 'pack', text: 'of a pack, made in this browser' },
          ]}
          onChange={(value) => set('source', value)}
          error={faults.source}
        />
        <SourceFields values={values} set={set} faults={faults} pack={pack} file={file} onFile={setFile} />
        <HowFields values={values} set={set} faults={faults} seed={drawn} />
        <FaultFields values={values} set={set} faults={faults} />
        {Object.keys(faults).length === 0 ? null : (
          <Notice tone="bad" title="Not begun: look at the fields that say what is wrong" />
        )}
        {begun.error === undefined ? null : <Failure error={begun.error} what="The replay could not begin" />}
        <div>
          <Button type="submit" kind="primary" refusal={refusal} isBusy={begun.isBusy}>
            Begin the replay
          </Button>
        </div>
      </div>
    </Form>
  );
}

interface FieldsProps {
  readonly values: Readonly<Record<RunField, string>>;
  set(field: RunField, text: string): void;
  readonly faults: RunFaults;
}

interface SourceFieldsProps extends FieldsProps {
  readonly pack: string;
  readonly file: File | undefined;
  onFile(file: File): void;
}

function SourceFields({ values, set, faults, pack, file, onFile }: SourceFieldsProps) {
  return (
    <>
      {values.source === 'pack' ? (
        <div className="filters">
          <Choice
            label="Pack"
            value={pack}
            options={PACKS.map((name) => ({ value: name, text: name }))}
            onChange={(value) => set('pack', value)}
          />
          <Field
            label="Events (optional)"
            inputMode="decimal"
            value={values.events}
            error={faults.events}
            onChange={(text) => set('events', text)}
          />
        </div>
      ) : (
        <FileChooser
          label="Drop a file of events here"
          types={['.ndjson', '.jsonl', '.csv', '.tsv', '.parquet', '.gz']}
          button={file === undefined ? 'Choose a file' : 'Choose another file'}
          onChoose={onFile}
        >
          {file === undefined ? (
            <p>NDJSON, CSV or Parquet, plain or gzip. It stays in this browser, and is read while it is sent.</p>
          ) : (
            <p>
              <bdi>{file.name}</bdi>, {groupCount(file.size)} bytes
            </p>
          )}
        </FileChooser>
      )}
    </>
  );
}

/** @param seed that is taken where none is typed */
function HowFields({ values, set, faults, seed }: FieldsProps & { readonly seed: string }) {
  return (
    <div className="filters">
      <Field
        label="Seed"
        hint={`Everything that is drawn comes from it. Left empty: ${seed}.`}
        value={values.seed}
        onChange={(text) => set('seed', text)}
      />
      <Choice
        label="Order"
        value={values.order}
        options={[
          { value: 'as-in-file', text: 'as in the file' },
          { value: 'shuffled', text: 'shuffled by the seed' },
        ]}
        onChange={(value) => set('order', value)}
      />
      <Field
        label="Times that all is sent"
        inputMode="decimal"
        value={values.repeat}
        error={faults.repeat}
        onChange={(text) => set('repeat', text)}
      />
      <Choice
        label="Pace"
        value={values.pace}
        options={[
          { value: 'unpaced', text: 'as fast as possible' },
          { value: 'rate', text: 'events a second' },
          { value: 'speed', text: 'as they happened, faster' },
        ]}
        onChange={(value) => set('pace', value)}
        error={faults.pace}
      />
      {values.pace === 'rate' ? (
        <Field
          label="Events a second"
          inputMode="decimal"
          value={values.rate}
          error={faults.rate}
          onChange={(text) => set('rate', text)}
        />
      ) : null}
      {values.pace === 'speed' ? (
        <Field
          label="Times as fast"
          inputMode="decimal"
          value={values.speed}
          error={faults.speed}
          onChange={(text) => set('speed', text)}
        />
      ) : null}
    </div>
  );
}

function FaultFields({ values, set, faults }: FieldsProps) {
  return (
    <>
      <div className="filters">
        <Field
          label="Share left out"
          inputMode="decimal"
          value={values.drop}
          error={faults.drop}
          onChange={(text) => set('drop', text)}
        />
        <Field
          label="Share sent late, at the end"
          inputMode="decimal"
          value={values.late}
          error={faults.late}
          onChange={(text) => set('late', text)}
        />
        <Field
          label="Share of requests with a fault"
          inputMode="decimal"
          value={values.faultChance}
          error={faults.faultChance}
          onChange={(text) => set('faultChance', text)}
        />
      </div>
      <CheckList
        label="Faults of requests"
        items={FAULTS}
        chosen={chosenFaults(values.faults)}
        onChange={(chosen) => set('faults', chosen.join(' '))}
      />
    </>
  );
}
