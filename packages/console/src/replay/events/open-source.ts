import { formatOfBeginning, formatOfName, openEventTable } from '@rewardbook/contracts/files/event-tables/open-table';
import { memoryAccess, type RandomAccess } from '@rewardbook/contracts/files/event-tables/random-access';
import { type Line, readLines, tableLines } from '@rewardbook/replay/lines';
import type { LineSource } from '@rewardbook/replay/sequence';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { beginningOf, isGzip, joinPieces, type Pieces, unpackedPieces } from '../../files/file-pieces.ts';

/** Events to send or to look at: of a scenario, or in a file. */
export type OpenSource =
  | { readonly kind: 'scenario'; readonly scenario: string; readonly events: number | null }
  | { readonly kind: 'file'; readonly file: File };

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
  const chunks = (): Pieces =>
    unpackedPieces(file, isPacked, (bytes) => {
      done += bytes;
    });
  const format = formatOfName(file.name) ?? formatOfBeginning(await beginningOf(file, isPacked));
  const randomAccess = async (): Promise<RandomAccess> => {
    if (isPacked) {
      return memoryAccess(await bytesOf(file));
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
export async function bytesOf(file: File, most?: number): Promise<Uint8Array<ArrayBuffer>> {
  return joinPieces(unpackedPieces(file, await isGzip(file)), most);
}
