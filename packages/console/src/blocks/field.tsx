import { type ReactNode, useId } from 'react';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  onChange(text: string): void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly isLong?: boolean;
  /** In letters of one width, as files are written; a long one only. */
  readonly isCode?: boolean;
  readonly type?: 'text' | 'password' | 'date' | 'search';
  readonly autoComplete?: string;
  readonly inputMode?: 'text' | 'decimal';
  readonly isRequired?: boolean;
}

const CODE = { className: 'input input-code', spellCheck: false, dir: 'ltr', rows: 14 } as const;

/** A text field with its label, hint and error. Names in any script take their own direction. */
export function Field(props: FieldProps) {
  const {
    label,
    value,
    onChange,
    hint,
    error,
    isLong = false,
    isCode = false,
    type = 'text',
    autoComplete = 'off',
    inputMode,
  } = props;
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean);
  const shared = {
    id,
    className: 'input',
    value,
    dir: 'auto',
    autoComplete,
    'aria-invalid': error !== undefined,
    'aria-required': props.isRequired === true,
    ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint === undefined ? null : (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {isLong ? (
        <textarea {...shared} {...(isCode ? CODE : {})} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input
          {...shared}
          type={type}
          {...(inputMode === undefined ? {} : { inputMode })}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {error === undefined ? null : (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

export interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  onChange(value: string): void;
  readonly error?: string | undefined;
}

/** One of a few values. The browser's own list: it works everywhere and with everything. */
export function Choice({ label, value, options, onChange, error }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        aria-invalid={error !== undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {error === undefined ? null : <span className="field-error">{error}</span>}
    </div>
  );
}
