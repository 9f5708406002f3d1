import { creatorsImportedSchema, creatorsWaitingSchema } from '@rewardbook/contracts/api/creators';
import { z } from 'zod';
import { describeApproval } from '../../client/approval-needed.ts';
import { type Client, path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { openInput } from '../../files/input.ts';
import { printJson, printLine } from '../../files/output.ts';
import type { Io } from '../../terminal/io.ts';
import { groupedCount } from '../../terminal/table.ts';
import type { ImportCreatorsOptions } from './command.ts';

/** Registers the creators of a file; the server checks it, and takes all of it or nothing. */
export async function importCreators(
  file: string,
  { program, data, json }: ImportCreatorsOptions,
  io: Io,
): Promise<void> {
  const input = await openInput(file, io);
  const client = await connectToSystem(data, io);
  const isJson = /\.json(\.gz)?$/.test(file);
  const imported = await postCreators(client, program, input.chunks(), isJson ? 'application/json' : 'text/csv');
  client.close();
  if (json) {
    return printJson(io, imported);
  }
  const { received, added, changed, unchanged } = imported;
  await printLine(
    io,
    `${program}: ${groupedCount(received)} creators: ${groupedCount(added)} added, ${groupedCount(changed)} changed, ` +
      `${groupedCount(unchanged)} unchanged`,
  );
  if ('approval' in imported) {
    await printLine(io, describeApproval(program, imported));
  }
}

export function postCreators(
  client: Client,
  program: string,
  body: AsyncIterable<Uint8Array> | string,
  contentType: 'text/csv' | 'application/json',
) {
  return client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/creators`,
      body,
      contentType,
    },
    z.union([creatorsWaitingSchema, creatorsImportedSchema]),
  );
}
