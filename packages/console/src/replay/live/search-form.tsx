import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../blocks/button.tsx';
import { Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';

/** What is searched for by a text that a person types. */
const FIELDS = { id: 'Event id', viewer: 'Viewer', creator: 'Creator', text: 'Text' } as const;
type FieldName = keyof typeof FIELDS;

export interface SearchFormProps {
  readonly fields: readonly FieldName[];
  /** Choices next to the fields, each of which takes effect by itself. */
  readonly children?: ReactNode;
}

/** Searches by id, viewer, creator or text; the address keeps what for. */
export function SearchForm({ fields, children }: SearchFormProps) {
  const search = useSearch({ from: '/replay/$program/' });
  // Begun anew when the address changes otherwise: by a link, or by going back.
  return (
    <Typed key={JSON.stringify(fields.map((name) => search[name] ?? ''))} fields={fields}>
      {children}
    </Typed>
  );
}

function Typed({ fields, children }: SearchFormProps) {
  const search = useSearch({ from: '/replay/$program/' });
  const navigate = useNavigate({ from: '/replay/$program/' });
  const [typed, setTyped] = useState(() => Object.fromEntries(fields.map((name) => [name, search[name] ?? ''])));
  const isFiltered = fields.some((name) => search[name] !== undefined);
  return (
    <Form
      isRow
      onSubmit={() => {
        const asked = Object.fromEntries(fields.map((name) => [name, typed[name]?.trim() || undefined]));
        void navigate({ search: (before) => ({ ...before, ...asked }) });
      }}
    >
      {fields.map((name) => (
        <Field
          key={name}
          label={FIELDS[name]}
          type="search"
          value={typed[name] ?? ''}
          onChange={(text) => setTyped((before) => ({ ...before, [name]: text }))}
        />
      ))}
      {children}
      <Button type="submit">Search</Button>
      {isFiltered ? (
        <Button
          kind="quiet"
          onPress={() =>
            void navigate({
              search: (before) => ({ ...before, ...Object.fromEntries(fields.map((name) => [name, undefined])) }),
            })
          }
        >
          Clear
        </Button>
      ) : null}
    </Form>
  );
}
