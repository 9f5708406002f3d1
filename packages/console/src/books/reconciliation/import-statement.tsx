import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { STATEMENT_KINDS, statementImportedSchema } from '@rewardbook/contracts/api/reconciliation';
import { useState } from 'react';
import type { z } from 'zod';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { FileChooser } from '../../blocks/file-chooser.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { counted } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { FileFailure } from '../issue-list.tsx';

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
  const [isReversed, setIsReversed] = useState(false);
  const send = useCommand(
    (file: File) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/reconciliations/${period}/statements`,
      query: {
        kind,
        source: source.trim() === '' ? undefined : source.trim(),
        reverseSigns: isReversed ? true : undefined,
      },
      body: new Blob([file], { type: 'text/csv' }),
    }),
    statementImportedSchema,
  );
  if (!person.can('operate')) {
    return <p className="quiet">{missingRight('operate', person.name)} Statements are imported by somebody who has.</p>;
  }
  return (
    <FileChooser
      label="Drop a statement here"
      types={['.csv', 'text/csv']}
      button={send.isPending ? 'Importing …' : 'Choose a file'}
      onChoose={send.mutate}
      fields={
        <>
          <Choice
            label="Kind"
            value={kind}
            options={STATEMENT_KINDS.map((one) => ({ value: one, text: KIND_WORDS[one] }))}
            onChange={(value) => setKind(STATEMENT_KINDS.find((one) => one === value) ?? 'revenue')}
          />
          <Field label="Source (optional)" value={source} onChange={setSource} />
          <Choice
            label="Signs"
            value={isReversed ? 'reversed' : 'plain'}
            options={[
              { value: 'plain', text: 'Money in is positive' },
              { value: 'reversed', text: 'Money out is positive' },
            ]}
            onChange={(signs) => setIsReversed(signs === 'reversed')}
          />
        </>
      }
      outcome={<ImportOutcome error={send.error} imported={send.data} />}
    >
      <p>
        Drop a CSV here with the columns <code>reference, amount, date, currency</code>, or choose one. All of it is
        imported, or nothing; the same file again changes nothing.
      </p>
    </FileChooser>
  );
}

interface ImportOutcomeProps {
  readonly error: Error | null;
  readonly imported: z.output<typeof statementImportedSchema> | undefined;
}

function ImportOutcome({ error, imported }: ImportOutcomeProps) {
  return (
    <>
      {error === null ? null : <FileFailure error={error} what="The statement was not imported" />}
      {imported === undefined ? null : (
        <Notice
          tone="good"
          title={imported.repeated ? 'This file was imported before' : `Imported ${counted(imported.lines, 'line')}`}
        >
          {imported.current ? 'It is compared with the books below.' : 'A newer file of its source counts instead.'}
        </Notice>
      )}
    </>
  );
}
