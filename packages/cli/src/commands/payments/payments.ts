import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { paymentManifestSchema } from '@rewardbook/contracts/api/payments';
import { path, queryOf } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { printJson, printLine, writeTo } from '../../files/output.ts';
import { serverError } from '../../terminal/failure.ts';
import type { Io } from '../../terminal/io.ts';
import type { PaymentsOptions } from './command.ts';

// Names, accounts and amounts: no other user of this machine may read them.
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Writes the payment files of a run, each checked against the service's manifest, and then the manifest. */
export async function writePayments(run: string, options: PaymentsOptions, io: Io): Promise<void> {
  const { program, format, output, data, debtorName, debtorAccount, debtorBic } = options;
  const { executionDate } = options;
  const order = {
    run,
    format,
    ...(format === 'pain001' ? { executionDate, debtorName, debtorAccount, debtorBic } : {}),
  };
  const client = await connectToSystem(data, io);
  const from = { service: 'reports', scope: 'payments' } as const;
  const manifest = await client.json(
    { ...from, path: path`/v1/programs/${program}/reports/payments/manifest` + queryOf(order) },
    paymentManifestSchema,
  );
  // The date that the manifest is about, so that the file has it too where midnight comes between them.
  const query = queryOf({ ...order, executionDate: manifest.executionDate ?? undefined });
  await mkdir(output, { recursive: true, mode: PRIVATE_FOLDER }).catch((error: Error) => {
    throw serverError(`Cannot make the folder ${output}: ${error.message}`, error);
  });
  for (const file of manifest.files) {
    const body = await client.stream({
      ...from,
      path: path`/v1/programs/${program}/reports/payments` + query,
      accept: '*/*',
    });
    await writeTo(
      join(output, file.name),
      io,
      async (write) => {
        const hash = createHash('sha256');
        for await (const chunk of body) {
          hash.update(chunk);
          await write(chunk);
        }
        if (hash.digest('hex') !== file.sha256) {
          throw serverError(
            `The payments of ${run} changed while they were written: a payout came back. Run this again`,
          );
        }
      },
      PRIVATE_FILE,
    );
  }
  client.close();
  const name = `${program}-payments-${run}-${format}.manifest.json`;
  await writeTo(join(output, name), io, (write) => write(`${JSON.stringify(manifest, null, 2)}\n`), PRIVATE_FILE);
  if (options.json) {
    await printJson(io, manifest);
    return;
  }
  for (const file of manifest.files) {
    const sum = `${file.payments} payments, ${file.controlSum} ${file.currency}`;
    await printLine(io, `${join(output, file.name)}: ${sum}, SHA-256 ${file.sha256}`);
  }
  await printLine(io, join(output, name));
}
