import { path } from '../../api/client.ts';
import { Downloads } from '../../blocks/downloads.tsx';
import { missingRight, usePerson } from '../../session/session.ts';
import { reportFiles } from '../queries.ts';
import type { RunProps } from './run-types.ts';

/** Files of a run: its rows; the bank's once it is approved; the signed summary. */
export function RunFiles({ program: { program }, run }: RunProps) {
  const person = usePerson();
  const payments = path`/v1/programs/${program}/reports/payments`;
  const query = { run: run.runId };
  const hasPayments = run.status === 'approved' || run.status === 'exported';
  const file = (label: string, place: string, format: string) =>
    ({
      label,
      call: { service: 'reports', path: place, query: { ...query, format } },
      fileName: '',
    }) as const;
  return (
    <div className="stack stack-tight">
      <Downloads what="this run’s payouts" files={reportFiles(program, 'payouts', ['csv', 'xlsx', 'json'], query)} />
      {person.can('read:payments') ? (
        <>
          <Downloads what="the summary to sign" files={reportFiles(program, 'payout-run', ['pdf'], query)} />
          {hasPayments ? (
            <Downloads
              what="payment files"
              files={[
                file('pain.001', payments, 'pain001'),
                file('CSV', payments, 'csv'),
                {
                  ...file('manifest (pain.001)', `${payments}/manifest`, 'pain001'),
                  fileName: `${program}-${run.runId}-manifest.json`,
                },
              ]}
            />
          ) : null}
        </>
      ) : (
        <p className="small quiet">{missingRight('read:payments', person.name)} Payment files are not shown.</p>
      )}
    </div>
  );
}
