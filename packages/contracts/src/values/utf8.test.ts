import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NotUtf8Error, utf8Pieces, utf8Text } from './utf8.ts';

async function textOf(bytes: Buffer, cuts: readonly number[]): Promise<string | number> {
  const chunks: Buffer[] = [];
  let from = 0;
  for (const cut of cuts) {
    chunks.push(bytes.subarray(from, from + cut));
    from += cut;
  }
  chunks.push(bytes.subarray(from));
  try {
    let text = '';
    for await (const piece of utf8Pieces(Readable.from(chunks))) {
      text += piece;
    }
    return text;
  } catch (error) {
    if (error instanceof NotUtf8Error) {
      return error.line;
    }
    throw error;
  }
}

function atOnce(bytes: Buffer): string | number {
  try {
    return utf8Text(bytes).replace(/^\ufeff/, '');
  } catch (error) {
    if (error instanceof NotUtf8Error) {
      return error.line;
    }
    throw error;
  }
}

it('reads the same text, or names the same line, however the chunks are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n', '\ufeff'), maxLength: 12 });
  const part = fc.oneof(
    text.map((each) => Buffer.from(each)),
    fc.constantFrom(Buffer.from([0xe9, 0x0a]), Buffer.from([0xf0, 0x9f]), Buffer.from([0x80]), Buffer.from([0xff])),
  );
  const cuts = fc.array(fc.nat(5));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), cuts, async (parts, at) => {
      const bytes = Buffer.concat(parts);
      expect(await textOf(bytes, at)).toBe(atOnce(bytes));
    }),
    { numRuns: 2_000 },
  );
});

it('names the first line that is not UTF-8', async () => {
  expect(await textOf(Buffer.from('creatorId\nJos\xe9\n', 'latin1'), [3])).toBe(2);
});
