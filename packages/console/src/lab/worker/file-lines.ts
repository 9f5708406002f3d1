import { ndjsonOf } from '@rewardbook/contracts/files/event-tables/event-table';
import { formatOfBeginning, formatOfName, openEventTable } from '@rewardbook/contracts/files/event-tables/open-table';
import { memoryAccess } from '@rewardbook/contracts/files/event-tables/random-access';
import { beginningOf, isGzip, joinPieces, type Pieces, unpackedPieces } from '../../files/file-pieces.ts';
import type { EventsToOpen } from './messages.ts';

/**
 * The events of a file as NDJSON, whatever it is: NDJSON, CSV or Parquet, each plain or gzip. Throws TableError.
 *
 * @param onRead told how many bytes of the file were read
 */
export async function linesOf(
  { file, columns, assumeUtc }: Extract<EventsToOpen, { readonly kind: 'file' }>,
  onRead: (bytes: number) => void,
): Promise<Pieces> {
  const isPacked = await isGzip(file);
  const bytes = (): Pieces => {
    let read = 0;
    return unpackedPieces(file, isPacked, (more) => {
      read += more;
      onRead(read);
    });
  };
  const format = formatOfName(file.name) ?? formatOfBeginning(await beginningOf(file, isPacked), columns);
  if (format === 'ndjson') {
    return bytes();
  }
  const table = await openEventTable(
    format,
    {
      chunks: bytes,
      randomAccess: async () =>
        isPacked
          ? memoryAccess(await joinPieces(bytes()))
          : {
              byteLength: file.size,
              slice(start, end = file.size) {
                onRead(end);
                return file.slice(start, end).arrayBuffer();
              },
            },
    },
    { columns, assumeUtc },
  );
  return ndjsonOf(table);
}
