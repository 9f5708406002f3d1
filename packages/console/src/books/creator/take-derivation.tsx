import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { askText } from '../../api/client.ts';
import { Button } from '../../blocks/button.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { saveFile } from '../../blocks/save-file.ts';
import { shellLine } from '../../format/shell.ts';

export interface TakeDerivationProps {
  readonly program: string;
  readonly period: string;
  readonly creator: string;
  /** Of the derivation in the reports' API. */
  readonly place: string;
}

/** The derivation of an amount as a file that equals what the command prints, to the byte, and that command. */
export function TakeDerivation({ program, period, creator, place }: TakeDerivationProps) {
  const [said, setSaid] = useState('');
  const file = useMutation({
    mutationFn: () => askText({ service: 'reports', path: place }),
    onSuccess: (text) =>
      saveFile(new Blob([text, '\n'], { type: 'application/json' }), `${program}-${period}-explanation.json`),
  });
  const copy = (): void => {
    const words = ['rewardbook', 'explain', '--program', program, '--period', period, `--creator=${creator}`, '--json'];
    const line = shellLine(words);
    navigator.clipboard.writeText(line).then(
      () => setSaid('Copied: paste it into a shell.'),
      () => setSaid(line),
    );
  };
  return (
    <div className="stack">
      <div className="downloads">
        <span className="quiet">Take along:</span>
        <Button isSmall isBusy={file.isPending} onPress={() => file.mutate()}>
          JSON
        </Button>
        <Button isSmall onPress={copy}>
          Copy as command
        </Button>
      </div>
      {file.error === null ? null : <Failure error={file.error} what="The file was not made" />}
      {said === '' ? null : (
        <Notice tone="info" title="Command">
          <pre className="payload">{said}</pre>
        </Notice>
      )}
    </div>
  );
}
