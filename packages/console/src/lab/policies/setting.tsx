import { useId } from 'react';
import type { PolicyField } from './policy-fields.ts';
import { METHOD_NAMES } from './policy-fields.ts';

export interface SettingProps {
  readonly field: PolicyField;
  /** undefined: left out. */
  readonly value: unknown;
  readonly error: string | undefined;
  /** What the baseline has, where it differs. */
  readonly before: string | undefined;
  onChange(value: unknown): void;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  ...METHOD_NAMES,
  rollover: 'goes into the next pool',
  return: 'returns to the platform',
};

/** A setting of a policy: a slider for the usual range, and a field for any value. */
export function Setting({ field, value, error, before, onChange }: SettingProps) {
  const id = useId();
  const notes = [error === undefined ? '' : `${id}-error`, before === undefined ? '' : `${id}-before`].filter(Boolean);
  const described = notes.length === 0 ? {} : { 'aria-describedby': notes.join(' ') };
  const text =
    field.kind === 'list' ? (Array.isArray(value) ? value.join(' ') : '') : value === undefined ? '' : String(value);
  return (
    <div className={`setting${before === undefined ? '' : ' setting-changed'}`}>
      {field.kind === 'flag' ? (
        <label className="row" htmlFor={id}>
          <input
            id={id}
            type="checkbox"
            checked={value === true}
            onChange={(event) => onChange(event.target.checked)}
          />
          {field.label}
        </label>
      ) : (
        <label htmlFor={id}>
          {field.label}
          {field.hint === undefined ? null : <span className="field-hint"> ({field.hint})</span>}
        </label>
      )}
      {field.kind === 'choice' ? (
        <select
          id={id}
          className="input"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          {...described}
        >
          {field.options?.map((option) => (
            <option key={option} value={option}>
              {OPTION_NAMES[option] ?? option}
            </option>
          ))}
        </select>
      ) : field.kind === 'flag' ? null : (
        <div className="setting-inputs">
          {field.slider === undefined ? null : (
            <input
              type="range"
              aria-label={`${field.label}, slider`}
              {...field.slider}
              value={text === '' ? field.slider.max : text}
              onChange={(event) => onChange(read(field, event.target.value))}
            />
          )}
          <input
            id={id}
            className="input"
            dir="auto"
            inputMode={field.kind === 'list' ? 'text' : 'decimal'}
            autoComplete="off"
            value={text}
            placeholder={field.whenLeftOut ?? ''}
            aria-invalid={error !== undefined}
            onChange={(event) => onChange(read(field, event.target.value))}
            {...described}
          />
        </div>
      )}
      {before === undefined ? null : (
        <span className="field-hint" id={`${id}-before`}>
          Baseline: {before}
        </span>
      )}
      {error === undefined ? null : (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

/** What is typed, as a policy has it; what cannot be read stays text, and the policy's schema says what is wrong. */
function read({ kind, whenLeftOut }: PolicyField, text: string): unknown {
  const plain = text.trim();
  if (plain === '' && whenLeftOut !== undefined) {
    return undefined;
  }
  if (kind === 'list') {
    return plain.split(/[\s,]+/).filter((item) => item !== '');
  }
  return kind === 'count' && /^\d{1,15}$/.test(plain) ? Number(plain) : plain;
}
