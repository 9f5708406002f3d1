import { formatOfBeginning, formatOfName, openEventTable } from '@rewardbook/contracts/files/event-tables/open-table';
import { memoryAccess, type RandomAccess } from '@rewardbook/contracts/files/event-tables/random-access';
import { joinBytes } from '@rewardbook/contracts/values/utf8';
import { type Line, readLines, tableLines } from '@rewardbook/replay/lines';
import type { LineSource } from '@rewardbook/replay/sequence';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';

/** Events to send or to look at: of a scenario, or in a file. */
export type OpenSource =
  | { readonly kind: 'scenario'; readonly scenario: string; readonly events: number | null }
  | { readonly kind: 'file'; readonly file: File };

const BEGINNING_BYTES = 65_536;
const encoder = new TextEncoder();

/** Events that are sent, with how far they have been read. */
export interface OpenedSource extends LineSource {
  /** Bytes of a file, events of a scenario. */
  readonly total: number;
  done(): number;
}

/** Opens a file (NDJSON, CSV or Parquet, plain or gzip) or a scenario. */
export async function openSource(source: OpenSource): Promise<OpenedSource> {
  return source.kind === 'scenario' ? openScenario(source) : openFile(source.file);
}

function openScenario({ scenario: text, events }: Extract<OpenSource, { kind: 'scenario' }>): OpenedSource {
  const written = readScenario(text);
  const scenario = { ...written, events: events ?? written.events };
  let done = 0;
  async function* lines(): AsyncGenerator<Line> {
    let number = 0;
    for (const event of generateEvents(scenario)) {
      number += 1;
      done += 1;
      yield { bytes: encoder.encode(eventLine(event)), number };
    }
  }
  return { name: 'the pack', isOnce: false, lines, total: scenario.events, done: () => done };
}

async function openFile(file: File): Promise<OpenedSource> {
  let done = 0;
  const isPacked = await isGzip(file);
  const chunks = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    const counted = file.stream().pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(piece, controller) {
          done += piece.length;
          controller.enqueue(piece);
        },
      }),
    );
    yield* piecesOf(isPacked ? counted.pipeThrough(new DecompressionStream('gzip')) : counted);
  };
  const format = formatOfName(file.name) ?? formatOfBeginning(await beginningOf(chunks()));
  done = 0;
  const randomAccess = async (): Promise<RandomAccess> => {
    if (isPacked) {
      return memoryAccess(new Uint8Array(await bytesOf(file)));
    }
    return {
      byteLength: file.size,
      slice: async (start, end) => {
        const bytes = await file.slice(start, end).arrayBuffer();
        done += bytes.byteLength;
        return bytes;
      },
    };
  };
  const lines =
    format === 'ndjson'
      ? () => readLines(chunks())
      : async function* (): AsyncGenerator<Line> {
          yield* tableLines(await openEventTable(format, { chunks, randomAccess }));
        };
  return { name: file.name, isOnce: false, lines, total: file.size, done: () => done };
}

/** The bytes of a file, decompressed; the first ones of it where `most` says so. */
export async function bytesOf(file: File, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await openBytes(file)) {
    pieces.push(piece);
    size += piece.length;
    if (size >= most) {
      break;
    }
  }
  return joinBytes(pieces);
}

async function openBytes(file: File): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
  return piecesOf((await isGzip(file)) ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream());
}

async function isGzip(file: File): Promise<boolean> {
  const [first = 0, second = 0] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

async function beginningOf(chunks: AsyncGenerator<Uint8Array, void, undefined>): Promise<Uint8Array> {
  const { value } = await chunks.next();
  await chunks.return();
  return value instanceof Uint8Array ? value.subarray(0, BEGINNING_BYTES) : new Uint8Array();
}

/** Not every browser goes through a stream by itself. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
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
