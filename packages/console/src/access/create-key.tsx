import { createKeyBodySchema, keyCreatedSchema } from '@rewardbook/contracts/api/access/keys';
import { SCOPES, type Scope } from '@rewardbook/contracts/api/access/scope';
import { useState } from 'react';
import type { z } from 'zod';
import { faultOf, namesFields, useCommand } from '../api/command.ts';
import { Button } from '../blocks/button.tsx';
import { Dialog } from '../blocks/dialog.tsx';
import { Field } from '../blocks/field.tsx';
import { Form } from '../blocks/form.tsx';
import { Name } from '../blocks/name.tsx';
import { Failure, Notice } from '../blocks/notice.tsx';
import { usePerson } from '../session/session.ts';

type KeyBody = z.input<typeof createKeyBodySchema>;

/** Makes a key with scopes that the person has; its secret is there until the dialog is closed. */
export function CreateKey() {
  const [isOpen, setIsOpen] = useState(false);
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
          <KeyForm isBusy={create.isPending} error={create.error} onCancel={close} onSend={create.mutate} />
        ) : (
          <Secret name={create.data.name} secret={create.data.key} onClose={close} />
        )}
      </Dialog>
    </>
  );
}

interface KeyFormProps {
  readonly isBusy: boolean;
  readonly error: Error | null;
  onCancel(): void;
  onSend(body: KeyBody): void;
}

function KeyForm({ isBusy, error, onCancel, onSend }: KeyFormProps) {
  const person = usePerson();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const [faults, setFaults] = useState<{ name?: string | undefined; scopes?: string | undefined }>({});
  const submit = (): void => {
    const parsed = createKeyBodySchema.safeParse({ name, scopes: [...chosen] });
    const at = (field: string): string | undefined =>
      parsed.error?.issues.find(({ path }) => path[0] === field)?.message;
    setFaults({ name: at('name'), scopes: chosen.length === 0 ? 'Choose one right or more' : at('scopes') });
    if (parsed.success) {
      onSend({ name, scopes: [...chosen] });
    }
  };
  return (
    <Form onSubmit={submit}>
      <Field
        label="Who uses it"
        hint="Decisions are logged under this name"
        value={name}
        onChange={setName}
        error={faults.name ?? faultOf(error, 'name')}
        isRequired
      />
      <fieldset className="stack stack-tight">
        <legend className="field-label">What it may do</legend>
        {SCOPES.filter((scope) => person.can(scope)).map((scope) => (
          <label key={scope} className="row">
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) =>
                setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))
              }
            />
            <code>{scope}</code>
          </label>
        ))}
        {faults.scopes === undefined ? null : <span className="field-error">{faults.scopes}</span>}
      </fieldset>
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

function Secret({ name, secret, onClose }: { readonly name: string; readonly secret: string; onClose(): void }) {
  return (
    <>
      <Notice tone="warn" title="Keep this secret now: it is shown once">
        Give it to <Name>{name}</Name> on a way that nobody else reads.
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
