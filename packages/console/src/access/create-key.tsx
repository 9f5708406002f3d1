import { keyCreatedSchema } from '@rewardbook/contracts/api/access/keys';
import { SCOPES } from '@rewardbook/contracts/api/access/scope';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { faultOf, namesFields, useCommand } from '../api/command.ts';
import { Button } from '../blocks/button.tsx';
import { CheckList } from '../blocks/check-list.tsx';
import { Dialog } from '../blocks/dialog.tsx';
import { type Draft, useDraft } from '../blocks/draft.ts';
import { Choice, Field } from '../blocks/field.tsx';
import { Form } from '../blocks/form.tsx';
import { Name } from '../blocks/name.tsx';
import { Failure, Notice, Reading } from '../blocks/notice.tsx';
import { programsQuery } from '../books/queries.ts';
import { usePerson } from '../session/session.ts';
import {
  EMPTY_KEY,
  FOR_ALL,
  FOR_SOME,
  itemsOf,
  type KeyBody,
  type KeyFaults,
  type KeyField,
  readKeyForm,
} from './key-form.ts';

/** Makes a key with scopes that the person has, for all programs or some; its secret is there until the dialog is closed. */
export function CreateKey() {
  const [isOpen, setIsOpen] = useState(false);
  const draft = useDraft('key', EMPTY_KEY);
  const create = useCommand(
    (body: KeyBody) => ({ service: 'ledger', method: 'POST', path: '/v1/keys', body }),
    keyCreatedSchema,
  );
  const close = (): void => {
    setIsOpen(false);
    create.reset();
  };
  return (
    <>
      <Button kind="primary" onPress={() => setIsOpen(true)}>
        Make a key
      </Button>
      <Dialog title="Make a key" isOpen={isOpen} onClose={close} mustAnswer={create.data !== undefined}>
        {create.data === undefined ? (
          <KeyForm
            draft={draft}
            isBusy={create.isPending}
            error={create.error}
            onCancel={close}
            onSend={(body) => create.mutate(body, { onSuccess: draft.clear })}
          />
        ) : (
          <Secret name={create.data.name} secret={create.data.key} onClose={close} />
        )}
      </Dialog>
    </>
  );
}

interface KeyFormProps {
  readonly draft: Draft<KeyField>;
  readonly isBusy: boolean;
  readonly error: Error | null;
  onCancel(): void;
  onSend(body: KeyBody): void;
}

function KeyForm({ draft: { values, set }, isBusy, error, onCancel, onSend }: KeyFormProps) {
  const person = usePerson();
  const [faults, setFaults] = useState<KeyFaults>({});
  const submit = (): void => {
    const read = readKeyForm(values, person.programs);
    setFaults(read.faults);
    if (read.body !== undefined) {
      onSend(read.body);
    }
  };
  return (
    <Form onSubmit={submit}>
      <Field
        label="Who uses it"
        hint="Decisions are logged under this name"
        value={values.name}
        onChange={(text) => set('name', text)}
        error={faults.name ?? faultOf(error, 'name')}
        isRequired
      />
      <CheckList
        label="What it may do"
        items={SCOPES.filter((scope) => person.can(scope)).map((scope) => ({
          value: scope,
          text: <code>{scope}</code>,
        }))}
        chosen={itemsOf(values.scopes)}
        onChange={(scopes) => set('scopes', scopes.join(' '))}
        error={faults.scopes}
      />
      {person.programs === null ? (
        <Choice
          label="For which programs"
          value={values.reach}
          options={[
            { value: FOR_ALL, text: 'All programs, those to come too' },
            { value: FOR_SOME, text: 'Only some: it sees and changes no others' },
          ]}
          onChange={(reach) => set('reach', reach)}
        />
      ) : null}
      {person.programs !== null || values.reach === FOR_SOME ? (
        <ProgramChoice
          chosen={itemsOf(values.programs)}
          onChange={(programs) => set('programs', programs.join(' '))}
          error={faults.programs}
        />
      ) : null}
      {error === null || namesFields(error, ['name']) ? null : <Failure error={error} what="No key was made" />}
      <div className="dialog-actions">
        <Button onPress={onCancel}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={isBusy}>
          Make the key
        </Button>
      </div>
    </Form>
  );
}

interface ProgramChoiceProps {
  readonly chosen: readonly string[];
  onChange(programs: readonly string[]): void;
  readonly error: string | undefined;
}

function ProgramChoice({ chosen, onChange, error }: ProgramChoiceProps) {
  const programs = useQuery(programsQuery);
  const items = (programs.data?.items ?? []).map(({ program, name }) => ({
    value: program,
    text: (
      <>
        <Name>{name}</Name> <code>{program}</code>
      </>
    ),
  }));
  return (
    <>
      <Reading of={programs} what="the programs" />
      <CheckList label="Its programs" items={items} chosen={chosen} onChange={onChange} error={error} />
    </>
  );
}

function Secret({ name, secret, onClose }: { readonly name: string; readonly secret: string; onClose(): void }) {
  return (
    <>
      <Notice tone="warn" title="Keep this secret now: it is shown once">
        Give it to <Name>{name}</Name> so that nobody else reads it.
      </Notice>
      <p>
        <code className="hash">{secret}</code>
      </p>
      <div className="dialog-actions">
        <Button onPress={() => void navigator.clipboard.writeText(secret)}>Copy</Button>
        <Button kind="primary" onPress={onClose}>
          It is kept
        </Button>
      </div>
    </>
  );
}
