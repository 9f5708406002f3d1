import { describe, expect, it } from 'vitest';
import { begun, writeCsv, writeJson } from './write-report.ts';

async function* batches<Row>(...rows: Row[][]): AsyncGenerator<Row[]> {
  yield* rows;
}

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) {
    all += piece;
  }
  return all;
}

describe('CSV', () => {
  it('has its header also where there are no rows', async () => {
    expect(await text(writeCsv(['a', 'b'], batches()))).toBe('a,b\n');
  });

  it('quotes what needs it, and leaves empty what is not there', async () => {
    expect(await text(writeCsv(['a', 'b'], batches([{ a: 'x,"y"\nz', b: null }], [{ a: '', b: 7 }])))).toBe(
      'a,b\n"x,""y""\nz",\n,7\n',
    );
  });

  it.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\tx', '＝1', '-', '-1e5'])(
    'keeps %j from running as a formula',
    async (cell) => {
      expect(await text(writeCsv(['a'], batches([{ a: cell }])))).toBe(`a\n'${cell}\n`);
    },
  );

  it.each(['-1', '-12.50', '1=1', 'a-b', "'x"])('leaves %j unchanged', async (cell) => {
    expect(await text(writeCsv(['a'], batches([{ a: cell }])))).toBe(`a\n${cell}\n`);
  });
});

describe('JSON', () => {
  it('is one object, however the rows come', async () => {
    const head = { report: 'x', period: null };
    for (const pieces of [batches<{ n: number }>(), batches([{ n: 1 }], [], [{ n: 2 }, { n: 3 }])]) {
      const parsed = JSON.parse(await text(writeJson(head, pieces)));
      expect(Object.keys(parsed)).toEqual(['report', 'period', 'rows']);
      expect(parsed.rows.length === 0 || parsed.rows.length === 3).toBe(true);
    }
  });
});

describe('begun', () => {
  it('throws immediately what the first batch throws', async () => {
    async function* broken(database: number[] | undefined) {
      if (database === undefined) {
        throw new Error('no database');
      }
      yield database;
    }
    await expect(begun(broken(undefined))).rejects.toThrow('no database');
  });

  it('gives all batches, and ends their source when it is ended', async () => {
    let ended = false;
    async function* source() {
      try {
        yield [1];
        yield [2];
      } finally {
        ended = true;
      }
    }
    const found: number[][] = [];
    for await (const batch of await begun(source())) {
      found.push(batch);
    }
    expect(found).toEqual([[1], [2]]);
    ended = false;
    for await (const _batch of await begun(source())) {
      break;
    }
    expect(ended).toBe(true);
  });
});
