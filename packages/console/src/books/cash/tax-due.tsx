import { remitBodySchema, remittedSchema, type taxDueSchema } from '@rewardbook/contracts/api/payout-runs';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Notice, Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupDigits, sumOf } from '../../format/decimal-text.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { EntryLink, RunLink } from '../links.tsx';
import { taxDueQuery } from './queries.ts';

type Due = z.output<typeof taxDueSchema>['items'][number];

/** What is remitted: of a country, what one run withheld or all that is due. */
interface Remittance {
  readonly country: string;
  readonly run: string | undefined;
  readonly amount: string;
}

/** Tax that was withheld and is due, by country and run, and its remittance. */
export function TaxDue({ program }: { readonly program: ProgramOut }) {
  const due = useQuery(taxDueQuery(program.program));
  const [remitted, setRemitted] = useState<Remittance>();
  const [said, setSaid] = useState<z.output<typeof remittedSchema>>();
  const items = due.data?.items ?? [];
  const countries = [...new Set(items.map(({ country }) => country))];
  return (
    <Section title="Tax due">
      <Reading of={due} what="the tax due" />
      {said === undefined ? null : (
        <Notice
          tone="good"
          title={`${said.repeated ? 'It was remitted before' : 'Remitted'}: ${said.currency} ${groupDigits(said.amount)} of ${said.country}`}
        >
          As <EntryLink program={program.program} entryKey={said.entryKey} />
        </Notice>
      )}
      {due.data === undefined ? null : (
        <DataTable
          caption={`Tax withheld in ${program.name} that is neither returned nor remitted`}
          columns={columnsOf(program, setRemitted)}
          rows={items}
          rowKey={({ runId, country }) => `${runId} ${country}`}
          empty="No tax is due: nothing was withheld, or all of it was remitted."
        />
      )}
      {countries.length === 0 ? null : (
        <Totals program={program} items={items} countries={countries} onRemit={setRemitted} />
      )}
      <RemitDialog
        program={program}
        remittance={remitted}
        onClose={() => setRemitted(undefined)}
        onRemitted={(answer) => {
          setRemitted(undefined);
          setSaid(answer);
        }}
      />
    </Section>
  );
}

interface TotalsProps {
  readonly program: ProgramOut;
  readonly items: readonly Due[];
  readonly countries: readonly string[];
  onRemit(remittance: Remittance): void;
}

function Totals({ program, items, countries, onRemit }: TotalsProps) {
  const person = usePerson();
  const refusal = person.can('operate') ? undefined : missingRight('operate', person.name);
  return (
    <ul className="tasks">
      {countries.map((country) => {
        const amount = sumOf(
          program.currency,
          items.filter((one) => one.country === country).map((one) => one.amount),
        );
        return (
          <li key={country} className="task">
            <span>
              {country}, all runs: <Amount value={amount} currency={program.currency} />
            </span>
            <Button isSmall refusal={refusal} onPress={() => onRemit({ country, run: undefined, amount })}>
              Remit all of {country} …
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function columnsOf(program: ProgramOut, onRemit: (remittance: Remittance) => void): TableColumn<Due>[] {
  return [
    {
      id: 'run',
      header: 'Payout run',
      isRowHeader: true,
      cell: ({ runId }) => <RunLink program={program.program} run={runId} />,
    },
    { id: 'country', header: 'Country', cell: ({ country }) => country },
    {
      id: 'amount',
      header: `Withheld (${program.currency})`,
      isNumeric: true,
      cell: ({ amount }) => <Amount value={amount} />,
    },
    {
      id: 'remit',
      header: 'Remit',
      cell: ({ country, runId, amount }) => (
        <RemitButton
          label={`Remit ${country} of run ${runId}`}
          onPress={() => onRemit({ country, run: runId, amount })}
        />
      ),
    },
  ];
}

function RemitButton({ label, onPress }: { readonly label: string; onPress(): void }) {
  const person = usePerson();
  return person.can('operate') ? (
    <Button isSmall label={label} onPress={onPress}>
      Remit …
    </Button>
  ) : (
    <span className="quiet">{missingRight('operate', person.name)}</span>
  );
}

const EMPTY = { reference: '' };

interface RemitDialogProps {
  readonly program: ProgramOut;
  readonly remittance: Remittance | undefined;
  onClose(): void;
  onRemitted(answer: z.output<typeof remittedSchema>): void;
}

function RemitDialog({ program, remittance, onClose, onRemitted }: RemitDialogProps) {
  const draft = useDraft(`remit:${program.program}`, EMPTY);
  const [fault, setFault] = useState<string>();
  const remit = useCommand(
    (body: z.output<typeof remitBodySchema>) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/tax-remittances`,
      body,
    }),
    remittedSchema,
  );
  const close = (): void => {
    remit.reset();
    onClose();
  };
  const send = (): void => {
    const reference = remitBodySchema.shape.reference.safeParse(draft.values.reference.trim());
    setFault(
      draft.values.reference.trim() === '' ? 'Give the tax office’s reference' : reference.error?.issues[0]?.message,
    );
    if (remittance !== undefined && reference.success) {
      const { country, run } = remittance;
      remit.mutate(
        { country, reference: reference.data, ...(run === undefined ? {} : { run }) },
        {
          onSuccess: (answer) => {
            draft.clear();
            onRemitted(answer);
          },
        },
      );
    }
  };
  return (
    <ConfirmDialog
      title="Remit this tax?"
      isOpen={remittance !== undefined}
      onClose={close}
      verb="Book the remittance"
      onConfirm={send}
      isBusy={remit.isPending}
      error={remit.error}
    >
      {remittance === undefined ? null : (
        <p>
          <Amount value={remittance.amount} currency={program.currency} /> that{' '}
          {remittance.run === undefined ? 'all runs' : `run ${remittance.run}`} withheld for {remittance.country} goes
          from the tax account to cash. What is due when this arrives is remitted; the same reference again books
          nothing.
        </p>
      )}
      <Field
        label="Reference"
        hint="Of the tax office"
        value={draft.values.reference}
        onChange={(text) => draft.set('reference', text)}
        error={fault}
        isRequired
      />
    </ConfirmDialog>
  );
}
