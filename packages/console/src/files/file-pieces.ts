import { joinBytes } from '@rewardbook/contracts/values/utf8';

// The bytes of a file that somebody chose, as both workers read them.

export type Pieces = AsyncGenerator<Uint8Array, void, undefined>;

const BEGINNING_BYTES = 65_536;

/** By its first bytes (RFC 1952), whatever it is called. */
export async function isGzip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

/**
 * The bytes of a file, decompressed.
 *
 * @param onRead told of each piece of the file how many bytes it has, before it is decompressed
 */
export function unpackedPieces(
  file: Blob,
  isPacked: boolean,
  onRead: (bytes: number) => void = () => undefined,
): Pieces {
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        onRead(piece.length);
        controller.enqueue(piece);
      },
    }),
  );
  return piecesOf(isPacked ? counted.pipeThrough(new DecompressionStream('gzip')) : counted);
}

/** Pieces as one, up to the first with which there are `most` bytes. */
export async function joinPieces(pieces: Pieces, most = Number.POSITIVE_INFINITY): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    all.push(piece);
    size += piece.length;
    if (size >= most) {
      break;
    }
  }
  return joinBytes(all);
}

/** The first bytes of a file, decompressed: enough to tell what is in it. */
export async function beginningOf(file: Blob, isPacked: boolean): Promise<Uint8Array> {
  const pieces = unpackedPieces(file, isPacked);
  const { value } = await pieces.next();
  await pieces.return();
  return value instanceof Uint8Array ? value.subarray(0, BEGINNING_BYTES) : new Uint8Array();
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
