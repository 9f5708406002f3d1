import { useCallback, useState } from 'react';
import { z } from 'zod';

const draftSchema = z.record(z.string(), z.string());
const PREFIX = 'draft:';

/** Texts of a form by field. They stay over a reload, a lost service and a new sign-in, until they are sent or cleared. */
export interface Draft<Field extends string> {
  readonly values: Readonly<Record<Field, string>>;
  set(field: Field, text: string): void;
  clear(): void;
}

/** @param name of the form, and of what it is about */
export function useDraft<Field extends string>(name: string, initial: Readonly<Record<Field, string>>): Draft<Field> {
  const [values, setValues] = useState(() => ({ ...initial, ...readDraft(name) }));
  const set = useCallback(
    (field: Field, text: string) => {
      setValues((before) => {
        const after = { ...before, [field]: text };
        keepDraft(name, after);
        return after;
      });
    },
    [name],
  );
  const clear = useCallback(() => {
    sessionStorage.removeItem(PREFIX + name);
    setValues(initial);
  }, [name, initial]);
  return { values, set, clear };
}

/** What is too much for the browser's session, as a file of megabytes, is kept for as long as the page is. */
function keepDraft(name: string, values: Readonly<Record<string, string>>): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(values));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) {
      throw error;
    }
    sessionStorage.removeItem(PREFIX + name);
  }
}

function readDraft(name: string): Readonly<Record<string, string>> {
  const text = sessionStorage.getItem(PREFIX + name);
  if (text === null) {
    return {};
  }
  try {
    return draftSchema.parse(JSON.parse(text));
  } catch {
    // Written by another version: the form begins empty.
    return {};
  }
}
