import { type ApiCall, addressOf } from '../api/client.ts';

export interface Download {
  /** "CSV", "PDF" */
  readonly label: string;
  readonly call: Pick<ApiCall, 'service' | 'path' | 'query'>;
  /** A name for what the answer does not name. */
  readonly fileName?: string;
}

/** Files with just what the page shows, without a limit of rows. */
export function Downloads({ what, files }: { readonly what: string; readonly files: readonly Download[] }) {
  return (
    <p className="downloads">
      <span className="quiet">Download {what}:</span>
      {files.map(({ label, call, fileName }) => (
        <a key={label} href={addressOf(call)} download={fileName ?? ''}>
          {label}
          <span className="visually-hidden"> of {what}</span>
        </a>
      ))}
    </p>
  );
}
