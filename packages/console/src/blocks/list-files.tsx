import type { ApiCall } from '../api/client.ts';
import { Downloads } from './downloads.tsx';

type ListCall = Pick<ApiCall, 'service' | 'path' | 'query'>;

/** The whole of a list with the filter of the page, as files. */
export function ListFiles({ what, of: { service, path, query } }: { readonly what: string; readonly of: ListCall }) {
  const file = (label: string, format: string) => ({
    label,
    call: { service, path: `${path}/file`, query: { ...query, format } },
  });
  return <Downloads what={what} files={[file('CSV', 'csv'), file('NDJSON', 'ndjson')]} />;
}
