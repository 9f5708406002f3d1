import { joinBytes } from '@rewardbook/contracts/values/utf8';
import type { Batch } from './batches.ts';

type Random = (bound: number) => number;

/** The line number of garbage, which is in no file. */
export const GARBAGE = 0;

const MAX_LINES = 5;
const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);
const LONG_LINE_BYTES = 20_000; // ingest takes lines of 16 KB

/** Lines that are not events, however lenient a service is; none is blank or contains a line end. */
const KINDS: readonly ((random: Random) => Uint8Array)[] = [
  (random) => Uint8Array.from({ length: 1 + random(80) }, () => 0x80 + random(0x40)), // never UTF-8: continuation bytes alone
  () => bytesOf('{"id":"cut","type":"like","viewerId":"v'),
  () => bytesOf('not an event'),
  () => bytesOf('[]'),
  () => bytesOf('{}'),
  () => bytesOf('null'),
  (random) => bytesOf(`${random(1_000_000)}`),
  () => bytesOf('\0\0\0\0'),
  () => bytesOf('{"id":"NaN","type":"like","viewerId":NaN}'),
  () => bytesOf('{"id":"g","type":"love","viewerId":"v","creatorId":"c","occurredAt":"2026-02-30T25:61:00"}'),
  () => new Uint8Array(LONG_LINE_BYTES).fill(0x5b),
];

/** A request's lines with some of garbage between them, which have the number `GARBAGE`. */
export function withGarbage(batch: Batch, random: Random): Pick<Batch, 'body' | 'numbers'> {
  const places = new Map<number, number>();
  const count = 1 + random(MAX_LINES);
  for (let made = 0; made < count; made += 1) {
    const place = random(batch.numbers.length + 1);
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  const pieces: Uint8Array[] = [];
  const numbers: number[] = [];
  const add = (place: number): void => {
    for (let left = places.get(place) ?? 0; left > 0; left -= 1) {
      const garbage = KINDS[random(KINDS.length)]?.(random) ?? bytesOf('?');
      pieces.push(garbage, bytesOf('\n'));
      numbers.push(GARBAGE);
    }
  };
  let start = 0;
  for (const [place, number] of batch.numbers.entries()) {
    add(place);
    const end = batch.body.indexOf(0x0a, start) + 1; // each line has its line end
    pieces.push(batch.body.subarray(start, end));
    numbers.push(number);
    start = end;
  }
  add(batch.numbers.length);
  return { body: joinBytes(pieces), numbers };
}
