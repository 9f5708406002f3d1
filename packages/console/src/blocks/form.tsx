import type { ReactNode } from 'react';

export interface FormProps {
  onSubmit(): void;
  readonly children: ReactNode;
  /** Its fields in a row, as filters above a table. */
  readonly isRow?: boolean;
}

/** A form that sends nothing by itself; faults are said at the fields, and not by the browser. */
export function Form({ onSubmit, children, isRow = false }: FormProps) {
  return (
    <form
      className={isRow ? 'filters' : 'stack'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
