import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { STATEMENT_KINDS, statementImportedSchema } from '@rewardbook/contracts/api/reconciliation';
import { useState } from 'react';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { ApiProblem } from '../../api/problems.ts';
import { Button } from '../../blocks/button.tsx';
import { Choice, Field } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { counted } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';

type Kind = (typeof STATEMENT_KINDS)[number];

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  revenue: 'Revenue (of an ad platform)',
  settlements: 'Settlements (of the bank)',
};

/** Imports a statement from a CSV: dropped here, or chosen. */
export function ImportStatement({ program, period }: { readonly program: ProgramOut; readonly period: string }) {
  const person = usePerson();
  const [kind, setKind] = useState<Kind>('revenue');
  const [source, setSource] = useState('');
  const send = useCommand(
    (file: File) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/reconciliations/${period}/statements`,
      query: { kind, source: source.trim() === '' ? undefined : source.trim() },
      body: new Blob([file], { type: 'text/csv' }),
    }),
    statementImportedSchema,
  );
  if (!person.can('operate')) {
    return <p className="quiet">{missingRight('operate', person.name)} Statements are imported by somebody who has.</p>;
  }
  return (
    <DropZone
      className="drop-zone"
      aria-label="Drop a statement here"
      onDrop={({ items }) => {
        const [item] = items;
        if (item?.kind === 'file') {
          void item.getFile().then((file) => send.mutate(file));
        }
      }}
    >
      <p>
        Drop a CSV here with the columns <code>reference, amount, date, currency</code>, or choose one. All of it is
        imported, or nothing; the same file again changes nothing.
      </p>
      <div className="filters">
        <Choice
          label="Kind"
          value={kind}
          options={STATEMENT_KINDS.map((one) => ({ value: one, text: KIND_WORDS[one] }))}
          onChange={(value) => setKind(STATEMENT_KINDS.find((one) => one === value) ?? 'revenue')}
        />
        <Field label="Source (optional)" value={source} onChange={setSource} />
        <FileTrigger
          acceptedFileTypes={['.csv', 'text/csv']}
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined) {
              send.mutate(file);
            }
          }}
        >
          <Button isBusy={send.isPending}>{send.isPending ? 'Importing …' : 'Choose a file'}</Button>
        </FileTrigger>
      </div>
      {send.error === null ? null : <Failure error={send.error} what="The statement was not imported" />}
      {send.error instanceof ApiProblem && send.error.fields.length > 0 ? (
        <ul>
          {send.error.fields.map(({ path: place, message }) => (
            <li key={place + message}>
              <Name>{message}</Name>
            </li>
          ))}
        </ul>
      ) : null}
      {send.data === undefined ? null : (
        <Notice
          tone="good"
          title={send.data.repeated ? 'This file was imported before' : `Imported ${counted(send.data.lines, 'line')}`}
        >
          {send.data.current ? 'It is compared with the books below.' : 'A newer file of its source counts instead.'}
        </Notice>
      )}
    </DropZone>
  );
}
