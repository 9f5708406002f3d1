import { useState } from 'react';
import { Button } from './button.tsx';
import { Choice, Field } from './field.tsx';
import { Form } from './form.tsx';

/** One thing that a list is filtered by: a choice with all there is to choose, or what is typed. */
export interface FilterField<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** Chosen at once; without it, typed and sent by the button. The choice of everything comes first, and is left out of the address. */
  readonly options?: readonly FilterOption[];
  readonly type?: 'text' | 'search' | 'date';
  readonly hint?: string;
}

export interface FilterOption {
  readonly value: string;
  readonly text: string;
}

export type FilterValues<Name extends string> = Readonly<Record<Name, string | undefined>>;

export interface ListFilterProps<Name extends string> {
  readonly fields: readonly FilterField<Name>[];
  /** Of the button that sends what was typed (default: "Show"). */
  readonly verb?: string;
  /** As the address has it. */
  readonly values: Readonly<Partial<Record<Name, string | undefined>>>;
  /** All values, for the address; undefined: not filtered by it. */
  onChange(values: FilterValues<Name>): void;
}

const ALL = '';

/** The filters above a list. Its state is the address: it follows when that changes, by a link or by going back. */
export function ListFilter<Name extends string>({ fields, verb = 'Show', values, onChange }: ListFilterProps<Name>) {
  const given = JSON.stringify(fields.map(({ name }) => values[name] ?? ''));
  const [seen, setSeen] = useState(given);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  if (seen !== given) {
    setSeen(given);
    setTyped({});
  }
  const current = (name: Name): string => typed[name] ?? values[name] ?? '';
  const send = (changes: Readonly<Record<string, string>>): void => {
    const entries = fields.map(({ name }) => {
      const text = (changes[name] ?? current(name)).trim();
      return [name, text === '' ? undefined : text] as const;
    });
    onChange(Object.fromEntries(entries) as FilterValues<Name>);
  };
  const isTyped = fields.some(({ options }) => options === undefined);
  const isFiltered = fields.some(({ name }) => values[name] !== undefined);
  return (
    <Form isRow onSubmit={() => send({})}>
      {fields.map(({ name, label, options, type = 'search', hint }) =>
        options === undefined ? (
          <Field
            key={name}
            label={label}
            type={type}
            hint={hint}
            value={current(name)}
            onChange={(text) => setTyped((before) => ({ ...before, [name]: text }))}
          />
        ) : (
          <Choice
            key={name}
            label={label}
            value={current(name)}
            options={options}
            onChange={(value) => send({ [name]: value })}
          />
        ),
      )}
      {isTyped ? <Button type="submit">{verb}</Button> : null}
      {isFiltered && isTyped ? (
        <Button kind="quiet" onPress={() => send(Object.fromEntries(fields.map(({ name }) => [name, ALL])))}>
          Clear
        </Button>
      ) : null}
    </Form>
  );
}

/** What a list is filtered by, in words: for its caption, and where nothing is found. Undefined: by nothing. */
export function describeFilter<Name extends string>(
  fields: readonly FilterField<Name>[],
  values: Readonly<Partial<Record<Name, string | undefined>>>,
): string | undefined {
  const parts = fields.flatMap(({ name, label, options }) => {
    const value = values[name];
    if (value === undefined) {
      return [];
    }
    return [`${label.toLowerCase()}: ${options?.find((option) => option.value === value)?.text ?? `“${value}”`}`];
  });
  return parts.length === 0 ? undefined : parts.join(', ');
}
