import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';

export interface FileChooserProps {
  /** Names the place where a file is dropped. */
  readonly label: string;
  /** Extensions and media types. */
  readonly types: readonly string[];
  readonly button: string;
  readonly isPrimary?: boolean;
  readonly children: ReactNode;
  /** Shown next to the button: what else the file needs. */
  readonly fields?: ReactNode;
  /** Below the button: what came of it. */
  readonly outcome?: ReactNode;
  onChoose(file: File): void;
}

/** A file, dropped here or chosen. */
export function FileChooser(props: FileChooserProps) {
  const { label, types, button, isPrimary = false, children, fields, outcome, onChoose } = props;
  return (
    <DropZone
      className="drop-zone"
      aria-label={label}
      onDrop={({ items }) => {
        const [item] = items;
        if (item?.kind === 'file') {
          void item.getFile().then(onChoose);
        }
      }}
    >
      {children}
      <div className="filters">
        {fields}
        <FileTrigger
          acceptedFileTypes={[...types]}
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined) {
              onChoose(file);
            }
          }}
        >
          <Button className={`button${isPrimary ? ' button-primary' : ''}`}>{button}</Button>
        </FileTrigger>
      </div>
      {outcome}
    </DropZone>
  );
}
