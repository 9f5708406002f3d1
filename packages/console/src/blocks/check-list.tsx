import { type ReactNode, useId } from 'react';

export interface CheckListProps {
  readonly label: string;
  readonly items: readonly { readonly value: string; readonly text: ReactNode }[];
  readonly chosen: readonly string[];
  /** @param values in the order of `items`, those that are not among them left out */
  onChange(values: readonly string[]): void;
  readonly error?: string | undefined;
}

/** Any of a few values, each with a box to check. */
export function CheckList({ label, items, chosen, onChange, error }: CheckListProps) {
  const id = useId();
  const change = (value: string, isChosen: boolean): void =>
    onChange(items.map((item) => item.value).filter((one) => (one === value ? isChosen : chosen.includes(one))));
  return (
    <fieldset className="stack stack-tight" {...(error === undefined ? {} : { 'aria-describedby': `${id}-error` })}>
      <legend className="field-label">{label}</legend>
      {items.map(({ value, text }) => (
        <label key={value} className="row">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => change(value, event.target.checked)}
          />
          <span>{text}</span>
        </label>
      ))}
      {error === undefined ? null : (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </fieldset>
  );
}
