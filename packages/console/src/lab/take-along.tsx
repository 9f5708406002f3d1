import { useState } from 'react';
import { Button } from '../blocks/button.tsx';
import { Failure, Notice } from '../blocks/notice.tsx';
import { saveFile } from '../blocks/save-file.ts';
import { commandLines, NO_COMMAND, type Words } from './command-line.ts';
import { Progress } from './progress.tsx';
import { useLab } from './state/lab-state.ts';
import { askDesk } from './worker/lab-client.ts';
import type { DeskProgress, DeskQuestion } from './worker/messages.ts';

export interface TakeAlongProps {
  /** Of the files, and of the command. */
  readonly name: string;
  readonly question: DeskQuestion | undefined;
  /** Options of the command that say the same. */
  readonly options: Words;
  readonly policies: 'both' | 'candidate';
}

/** A view as files that equal the command line's to the byte, and as the command that prints them. */
export function TakeAlong({ name, question, options, policies }: TakeAlongProps) {
  const { search, opened, a, b } = useLab();
  const [making, setMaking] = useState<{ format: string; progress: DeskProgress | null; stop: AbortController } | null>(
    null,
  );
  const [error, setError] = useState<Error | null>(null);
  const [said, setSaid] = useState('');
  const files = [
    ...(policies === 'both' ? [{ file: 'baseline.yaml', policy: a.policy }] : []),
    { file: 'candidate.yaml', policy: b.policy },
  ];
  const save = (format: 'json' | 'csv'): void => {
    if (question === undefined) {
      return;
    }
    const stop = new AbortController();
    setError(null);
    setMaking({ format, progress: null, stop });
    askDesk(
      { ask: 'answer', question, format },
      { signal: stop.signal, onProgress: (progress) => setMaking({ format, progress, stop }) },
    )
      .then(
        (blob) => saveFile(blob, `${name}.${format}`),
        (cause: Error) => (stop.signal.aborted ? undefined : setError(cause)),
      )
      .finally(() => setMaking(null));
  };
  const copy = (): void => {
    const lines = commandLines({
      ...{ search, scenario: opened.scenario, revenue: opened.revenue, asksForRevenue: name !== 'screen' },
      ...{ policies: files, command: name, options },
    });
    if (lines === undefined) {
      setSaid(NO_COMMAND);
      return;
    }
    navigator.clipboard.writeText(lines).then(
      () => setSaid('Copied: paste it into a shell.'),
      () => setSaid(lines),
    );
  };
  return (
    <div className="stack">
      <div className="downloads">
        <span className="quiet">Take along:</span>
        <Button isSmall isBusy={making !== null} onPress={() => save('json')}>
          JSON
        </Button>
        <Button isSmall isBusy={making !== null} onPress={() => save('csv')}>
          CSV
        </Button>
        <Button isSmall onPress={copy}>
          Copy as command
        </Button>
      </div>
      {making === null ? null : (
        <Progress
          what={`The ${making.format.toUpperCase()} is made`}
          progress={making.progress}
          onCancel={() => making.stop.abort()}
        />
      )}
      {error === null ? null : <Failure error={error} what="The file was not made" />}
      {said === '' ? null : (
        <Notice tone="info" title="Command">
          <pre className="payload">{said}</pre>
        </Notice>
      )}
    </div>
  );
}
