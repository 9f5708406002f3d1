import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './event-lines.ts';

const latin1 = (block: Uint8Array, from: number, end: number) =>
  Buffer.from(block.subarray(from, end)).toString('latin1');

/** The lines of a stream that comes in these pieces, as Latin-1. */
function split(pieces: readonly Buffer[], maxBytes = 40): string[] {
  const taken: string[] = [];
  const taker = {
    line: (block: Uint8Array, from: number, end: number) => taken.push(latin1(block, from, end)),
    longLine: () => taken.push('<too long>'),
  };
  const splitter = new LineSplitter(taker, maxBytes);
  for (const piece of pieces) {
    splitter.push(piece);
  }
  splitter.end();
  return taken;
}

const text = (...pieces: string[]) => pieces.map((piece) => Buffer.from(piece));

describe('LineSplitter', () => {
  it('leaves blank lines out, and takes a last line without end', () => {
    expect(split(text('one\r\n\r\n \t\n\r\r\n', 'two\n', 'thr', 'ee'))).toEqual(['one', 'two', 'three']);
    expect(split(text('\u00a0\n\v\n\f'))).toEqual(['\xc2\xa0', '\v', '\f']); // JSON knows no other white space
  });

  it('takes one byte order mark off the start of a line, and only there', () => {
    const mark = '\xef\xbb\xbf'; // as Latin-1 shows it
    expect(
      split(text('\ufeffone\n\ufefftwo\n', '\ufeff\n\ufeff\r\n', '\ufeff\ufeffthree\n \ufefffour\nfi\ufeffve\ufeff')),
    ).toEqual(['one', 'two', `${mark}three`, ` ${mark}four`, `fi${mark}ve${mark}`]);
    const [first, ...rest] = Buffer.from('\ufeffone');
    expect(split([Buffer.from([first ?? 0]), Buffer.from(rest)])).toEqual(['one']);
  });

  it('numbers lines, blank and long ones too', () => {
    const numbers: [string, number][] = [];
    const taker = {
      line: (block: Uint8Array, from: number, end: number, number: number) =>
        numbers.push([latin1(block, from, end), number]),
      longLine: (_head: Uint8Array, number: number) => numbers.push(['long', number]),
    };
    const splitter = new LineSplitter(taker, 5);
    for (const piece of text('a\n\nb', 'c\n', 'x'.repeat(20), 'x\n', 'd')) {
      splitter.push(piece);
    }
    splitter.end();
    expect(numbers).toEqual([
      ['a', 1],
      ['bc', 3],
      ['long', 4],
      ['d', 5],
    ]);
  });

  it('drops a line that is too long, and only that one', () => {
    expect(split(text('a\n', 'x'.repeat(41), '\nb\n'))).toEqual(['a', '<too long>', 'b']);
    expect(split(text(`${'x'.repeat(41)}\nb`))).toEqual(['<too long>', 'b']);
    expect(split(text('x'.repeat(30), 'x'.repeat(30), 'x\nb\n'))).toEqual(['<too long>', 'b']);
    expect(split(text('x'.repeat(40)))).toEqual(['x'.repeat(40)]);
  });

  it('measures a line without what surrounds it', () => {
    expect(split(text(`\ufeff${'x'.repeat(40)}\r\n${'x'.repeat(40)}\r\n${'x'.repeat(41)}\r\n`))).toEqual([
      'x'.repeat(40),
      'x'.repeat(40),
      '<too long>',
    ]);
  });

  it('gives the same lines however the stream is cut', () => {
    const line = fc.oneof(
      fc
        .string({ unit: fc.constantFrom('a', 'é', '\ufeff', ' ', '\r'), maxLength: 30 })
        .map((line) => Buffer.from(line)),
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(20)), fc.boolean(), (lines, cuts, ended) => {
        const stream = Buffer.concat(
          lines.flatMap((part, i) => [part, Buffer.from(i + 1 < lines.length || ended ? '\n' : '')]),
        );
        const pieces: Buffer[] = [];
        let from = 0;
        for (const cut of cuts) {
          pieces.push(stream.subarray(from, from + cut));
          from += cut;
        }
        pieces.push(stream.subarray(from));
        expect(split(pieces)).toEqual(split([stream]));
      }),
      { numRuns: 2_000 },
    );
  });
});
