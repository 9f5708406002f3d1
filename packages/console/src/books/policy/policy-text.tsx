import type { Issue, Parsed } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { useEffect, useState } from 'react';
import { Field } from '../../blocks/field.tsx';
import { FileChooser } from '../../blocks/file-chooser.tsx';
import { Name } from '../../blocks/name.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { readPolicyText, textOfFile } from './read-policy-file.ts';

/** Above this many characters a text is not shown for editing: the field would be slow. */
const MAX_EDITED = 200_000;

export interface PolicyTextProps {
  readonly text: string;
  onChange(text: string): void;
  readonly read: Parsed<Policy> | undefined;
}

/** A policy file, dropped, chosen or written here; what is wrong in it is said with its line. */
export function PolicyText({ text, onChange, read }: PolicyTextProps) {
  const [fault, setFault] = useState<string>();
  const choose = async (file: File): Promise<void> => {
    const chosen = await textOfFile(file);
    setFault(chosen === undefined ? `${file.name} is not UTF-8; save it as UTF-8` : undefined);
    if (chosen !== undefined) {
      onChange(chosen);
    }
  };
  return (
    <>
      <FileChooser
        label="Drop a policy file here"
        types={['.yaml', '.yml', '.json', 'application/yaml', 'application/json']}
        button="Choose a policy file"
        onChoose={(file) => void choose(file)}
        outcome={fault === undefined ? null : <Notice tone="bad" title={fault} />}
      >
        <p>Drop a policy here, YAML or JSON, choose one, or write it below.</p>
      </FileChooser>
      {text.length > MAX_EDITED ? (
        <p className="quiet">The file is too long to be shown here; change it where it comes from.</p>
      ) : (
        <Field label="Policy (YAML or JSON)" isLong isCode value={text} onChange={onChange} />
      )}
      {read === undefined || read.ok || text.trim() === '' ? null : <Issues issues={read.issues} />}
    </>
  );
}

function Issues({ issues }: { readonly issues: readonly Issue[] }) {
  return (
    <Notice tone="bad" title="This is not a policy yet">
      <ul>
        {issues.map(({ path, message, line, column }) => (
          <li key={`${line}:${column}:${path}:${message}`}>
            {line === undefined ? null : `Line ${line}, column ${column}: `}
            {path === '' ? null : (
              <>
                <code>{path}</code>:{' '}
              </>
            )}
            <Name>{message}</Name>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** A text as a policy, read again whenever it changes; undefined until it is read. */
export function usePolicyText(text: string): Parsed<Policy> | undefined {
  const [read, setRead] = useState<{ readonly text: string; readonly parsed: Parsed<Policy> }>();
  useEffect(() => {
    let isCurrent = true;
    void readPolicyText(text).then((parsed) => {
      if (isCurrent) {
        setRead({ text, parsed });
      }
    });
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return read?.text === text ? read.parsed : undefined;
}
