import { useState } from 'react';
import { Button } from '../../blocks/button.tsx';
import { FileChooser } from '../../blocks/file-chooser.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { programStep } from '../../books/program-trail.tsx';
import { useProgram } from '../../books/use-program.ts';
import { Page } from '../../shell/page.tsx';
import { RecordPeriod } from '../record/record-period.tsx';
import { askDiff } from './ask-diff.ts';
import { DiffView } from './diff-view.tsx';
import type { FileDiff } from './messages.ts';

const TYPES = ['.json', '.ndjson', '.jsonl', '.csv', '.tsv', '.parquet', '.gz'];

type Slot = 'a' | 'b' | 'eventsA' | 'eventsB';
type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; cancel(): void }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly diff: FileDiff; readonly names: readonly [string, string] };

/** Two results or two files of events, compared; and events as files. */
export function DiffPage() {
  const program = useProgram();
  const [files, setFiles] = useState<Readonly<Partial<Record<Slot, File>>>>({});
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const { a, b, eventsA, eventsB } = files;
  const compare = (): void => {
    if (a === undefined || b === undefined) {
      setOutcome({ kind: 'failed', message: 'Choose two files first' });
      return;
    }
    const controller = new AbortController();
    setOutcome({ kind: 'working', cancel: () => controller.abort() });
    const events = [eventsA, eventsB].filter((file) => file !== undefined);
    askDiff({ a, b, events }, controller.signal).then(
      (diff) => setOutcome({ kind: 'done', diff, names: [`A, ${a.name}`, `B, ${b.name}`] }),
      (error: Error) => setOutcome({ kind: 'failed', message: error.message }),
    );
  };
  const slot = (name: Slot, title: string) => (
    <FileSlot
      title={title}
      file={files[name]}
      onChoose={(file) => setFiles((before) => ({ ...before, [name]: file }))}
    />
  );
  return (
    <Page
      trail={[programStep(program)]}
      title="Diff"
      lead="Two results, or two files of events: equal, or the first difference. The files stay in this browser."
    >
      <Section title="Files">
        <div className="choices">
          {slot('a', 'A')}
          {slot('b', 'B')}
        </div>
        <details>
          <summary>Events behind two results (optional)</summary>
          <p className="quiet">
            One file, or those of A and of B: then the engagements behind the first difference are shown.
          </p>
          <div className="choices">
            {slot('eventsA', 'Events of A')}
            {slot('eventsB', 'Events of B')}
          </div>
        </details>
        <div className="row">
          <Button kind="primary" isBusy={outcome.kind === 'working'} onPress={compare}>
            Compare
          </Button>
          {outcome.kind === 'working' ? <Button onPress={outcome.cancel}>Cancel</Button> : null}
        </div>
        {outcome.kind === 'working' ? <p role="status">Comparing …</p> : null}
        {outcome.kind === 'failed' ? (
          <Notice tone="bad" title="Not compared">
            <bdi>{outcome.message}</bdi>
          </Notice>
        ) : null}
        {outcome.kind === 'done' ? <DiffView diff={outcome.diff} names={outcome.names} /> : null}
      </Section>
      <RecordPeriod program={program} />
    </Page>
  );
}

interface FileSlotProps {
  readonly title: string;
  readonly file: File | undefined;
  onChoose(file: File): void;
}

function FileSlot({ title, file, onChoose }: FileSlotProps) {
  return (
    <FileChooser label={`Drop ${title} here`} types={TYPES} button={`Choose ${title}`} onChoose={onChoose}>
      <h3>{title}</h3>
      <p>
        {file === undefined ? (
          'A result as JSON, or events as NDJSON, CSV or Parquet; plain or gzip.'
        ) : (
          <bdi>{file.name}</bdi>
        )}
      </p>
    </FileChooser>
  );
}
