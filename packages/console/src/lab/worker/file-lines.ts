import { ndjsonOf } from '@rewardbook/contracts/files/event-tables/event-table';
import { formatOfBeginning, formatOfName, openEventTable } from '@rewardbook/contracts/files/event-tables/open-table';
import { memoryAccess } from '@rewardbook/contracts/files/event-tables/random-access';
import type { EventsToOpen } from './messages.ts';

type Pieces = AsyncGenerator<Uint8Array, void, undefined>;

const BEGINNING_BYTES = 65_536;

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
  const bytes = (): Pieces => piecesOf(unpacked(file, isPacked, onRead));
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
          ? memoryAccess(new Uint8Array(await new Response(unpacked(file, true, onRead)).arrayBuffer()))
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

/** By its first bytes (RFC 1952), whatever it is called. */
async function isGzip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

async function beginningOf(file: Blob, isPacked: boolean): Promise<Uint8Array> {
  const pieces = piecesOf(unpacked(file, isPacked, () => undefined));
  const { value = new Uint8Array(0) } = await pieces.next();
  await pieces.return();
  return value.subarray(0, BEGINNING_BYTES);
}

function unpacked(
  file: Blob,
  isPacked: boolean,
  onRead: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        bytes += piece.length;
        onRead(bytes);
        controller.enqueue(piece);
      },
    }),
  );
  return isPacked ? counted.pipeThrough(new DecompressionStream('gzip')) : counted;
}

/** Not every browser goes through a stream by itself. */
export async function* piecesOf(stream: ReadableStream<Uint8Array>): Pieces {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // it has ended, or nobody wants more of it
  }
}
