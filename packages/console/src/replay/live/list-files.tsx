import { Downloads } from '../../blocks/downloads.tsx';

/** The whole of a list with the filter of the page, as files. */
export function listFiles(what: string, path: string, query: Readonly<Record<string, string | undefined>>) {
  const file = (label: string, format: string) => ({
    label,
    call: { service: 'events', path: `${path}/file`, query: { ...query, format } } as const,
  });
  return <Downloads what={what} files={[file('CSV', 'csv'), file('NDJSON', 'ndjson')]} />;
}
