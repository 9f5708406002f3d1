import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { describeWith, readXlsx } from './test-tools.ts';
import { writeXlsx, type XlsxColumn } from './write-xlsx.ts';

const COLUMNS: XlsxColumn[] = [
  { name: 'id', isDecimal: false },
  { name: 'count', isDecimal: false },
  { name: 'amount', isDecimal: true },
];
type Rows = readonly Readonly<Record<string, string | number | null>>[];

async function* inBatches(...batches: Rows[]): AsyncGenerator<Rows> {
  yield* batches;
}

async function sheetsOf(pieces: AsyncIterable<Uint8Array>) {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) {
    all.push(piece);
  }
  return readXlsx(Buffer.concat(all));
}

const HEADER = ['id', 'count', 'amount', 'amount_text'];

describeWith(['python3'], 'XLSX read by Python', () => {
  it('has every row, with the exact text next to a number that is rounded', async () => {
    const rows = [{ id: 'a', count: 7, amount: '-123456789012345678901234567890.20' }];
    expect(await sheetsOf(writeXlsx(COLUMNS, inBatches(rows, [], [{ id: 'b', count: null, amount: null }])))).toEqual([
      [HEADER, ['a', 7, -1.2345678901234568e29, '-123456789012345678901234567890.20'], ['b', null, null, null]],
    ]);
  });

  it('has any text unchanged, except characters that XML cannot contain', async () => {
    const texts = ['=1+1', '<&">]]>', ' a  b ', '宮本 🎤', '+62', '', '7'];
    const rows = [...texts, 'x\ufffey\u0001'].map((id) => ({ id, count: 1, amount: '1' }));
    const [sheet] = await sheetsOf(writeXlsx(COLUMNS, inBatches(rows)));
    expect(sheet?.slice(1).map(([id]) => id)).toEqual([...texts, 'x\ufffdy\ufffd']);
  });

  it('keeps what looks like a character code from being one', async () => {
    const [sheet] = await sheetsOf(writeXlsx(COLUMNS, inBatches([{ id: '_x0041_', count: 1, amount: '1' }])));
    expect(sheet?.[1]?.[0]).toBe('_x005F_x0041_'); // which a spreadsheet shows as _x0041_
  });

  it('goes on in another sheet when one is full, and has a header without rows', async () => {
    const rows = Array.from({ length: 5 }, (_, count) => ({ id: 'r', count, amount: '0.5' }));
    const row = (count: number) => ['r', count, 0.5, '0.5'];
    expect(await sheetsOf(writeXlsx(COLUMNS, inBatches(rows.slice(0, 3), rows.slice(3)), 3))).toEqual([
      [HEADER, row(0), row(1)],
      [HEADER, row(2), row(3)],
      [HEADER, row(4)],
    ]);
    expect(await sheetsOf(writeXlsx(COLUMNS, inBatches()))).toEqual([[HEADER]]);
  });
});

it('has columns as wide as what they begin with, wide characters counted twice', async () => {
  const rows = [
    { id: '宮本 🎤', count: 7, amount: '-12345678901234567890.20' },
    { id: 'x'.repeat(500), count: 7, amount: '1' },
  ];
  const widths = async (some: Rows) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of writeXlsx(COLUMNS, inBatches(some))) {
      pieces.push(piece);
    }
    const sheet = strFromU8(unzipSync(Buffer.concat(pieces))['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    expect(sheet).toMatch(/<\/sheetViews><cols>(<col [^>]*\/>){4}<\/cols><sheetData>/);
    return [...sheet.matchAll(/<col [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));
  };
  expect(await widths(rows.slice(0, 1))).toEqual([9, 7, 26, 26]);
  expect(await widths(rows)).toEqual([62, 7, 26, 26]);
  expect(await widths([])).toEqual([4, 7, 8, 13]);
});

it('writes a million rows in flat memory', { timeout: 120_000 }, async () => {
  async function* many(): AsyncGenerator<Rows> {
    for (let batch = 0; batch < 1000; batch += 1) {
      yield Array.from({ length: 1000 }, (_, n) => ({
        id: `creator-${batch}-${n}`,
        count: n,
        amount: `${n}.${batch}`,
      }));
    }
  }
  let bytes = 0;
  let most = 0;
  const before = process.memoryUsage.rss();
  for await (const piece of writeXlsx(COLUMNS, many())) {
    bytes += piece.length;
    most = Math.max(most, process.memoryUsage.rss());
  }
  expect(bytes).toBeGreaterThan(5_000_000);
  expect((most - before) / 2 ** 20).toBeLessThan(200);
});
