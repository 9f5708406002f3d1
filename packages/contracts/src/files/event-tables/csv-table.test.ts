import { describe, expect, it } from 'vitest';
import { openCsvEvents } from './csv-table.ts';
import { ndjsonOf, type TableOptions, type TableRow } from './event-table.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

function open(csv: string, options?: TableOptions, size = 7) {
  return openCsvEvents(pieces(new TextEncoder().encode(csv), size), options);
}

async function rows(csv: string, options?: TableOptions): Promise<TableRow[]> {
  const all: TableRow[] = [];
  for await (const some of (await open(csv, options)).rows()) {
    all.push(...some);
  }
  return all;
}

async function events(csv: string, options?: TableOptions): Promise<unknown[]> {
  return (await rows(csv, options)).map(({ json }) => JSON.parse(json));
}

const HEADER = 'id,type,viewerId,creatorId,contentId,occurredAt';
const EVENT = {
  id: 'e1',
  type: 'like',
  viewerId: 'v',
  creatorId: 'c',
  contentId: 'k',
  occurredAt: '2026-10-03T14:00:00Z',
};
const LINE = 'e1,like,v,c,k,2026-10-03T14:00:00Z';

describe('events in CSV', () => {
  it('are read with ids unchanged, whatever they look like', async () => {
    const id = '9007199254740993';
    expect(await events(`\ufeff${HEADER}\r\n${id},like,007,1e3," k ",2026-10-03T14:00:00Z\r\n`)).toEqual([
      { ...EVENT, id, viewerId: '007', creatorId: '1e3', contentId: ' k ' },
    ]);
  });

  it('leave out what is not given', async () => {
    const { contentId: _, ...follow } = { ...EVENT, type: 'follow' };
    expect(await events(`${HEADER},source\ne1,follow,v,c,,2026-10-03T14:00:00Z,""\n`)).toEqual([follow]);
  });

  it.each([';', '\t', '|'])('may be separated by %j', async (separator) => {
    expect(await events(`${HEADER}\n${LINE}`.replaceAll(',', separator))).toEqual([EVENT]);
  });

  it('have numbers as in NDJSON, and places as in the file', async () => {
    const csv = `\n${HEADER},note\n${LINE},"two\nlines"\n\n${HEADER},note\n${LINE},x\n`;
    expect((await rows(csv)).map(({ number, place }) => [number, place])).toEqual([
      [1, 3],
      [2, 7],
    ]);
    let text = '';
    for await (const bytes of ndjsonOf(await open(csv))) {
      text += new TextDecoder().decode(bytes);
    }
    expect(text.split('\n').map((line) => line !== '')).toEqual([false, false, true, false, false, false, true, false]);
  });

  it('may have times as databases write them', async () => {
    const times = {
      '2026-10-03 14:00:00+00': '2026-10-03T14:00:00+00:00',
      '2026-10-03 21:00:00.123456+07': '2026-10-03T21:00:00.123456+07:00',
      '2026-10-03T21:00:00-0930': '2026-10-03T21:00:00-09:30',
      '2026-10-03 14:00:00 UTC': '2026-10-03T14:00:00Z',
      '2026-10-03 14:00:00': '2026-10-03 14:00:00',
      '1790000000': '1790000000',
    };
    const csv = `id,type,user,creator,ts\n${Object.keys(times)
      .map((time) => `e,follow,v,c,${time}\n`)
      .join('')}`;
    const found = await rows(csv);
    expect(found.map(({ json }) => JSON.parse(json).occurredAt)).toEqual(Object.values(times));
    const inUtc = await rows(csv, { assumeUtc: true });
    expect(inUtc.map(({ json }) => JSON.parse(json).occurredAt)).toEqual(
      Object.values(times).map((time) => (time === '2026-10-03 14:00:00' ? '2026-10-03T14:00:00Z' : time)),
    );
  });

  it.each([
    ['', 'the file is empty'],
    ['\n\n', 'the file is empty'],
    [`${HEADER}\n${LINE}\n${LINE},more\n`, 'line 3: 7 cells where the header has 6'],
    [`${HEADER}\nx\n`, 'line 2: 1 cell where the header has 6'],
    ['a,b\n1,2\n', 'no column is known for id, type, viewerId, creatorId, occurredAt; the columns are "a", "b"'],
    [`${HEADER}\n${LINE}\n"e2,like`, 'line 3: a quote is not closed'],
  ])('are refused as %j', async (csv, message) => {
    await expect(rows(csv)).rejects.toThrow(message);
  });

  it('are refused where they are not UTF-8, by the line', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(`${HEADER}\n${LINE}\n`), 0x65, 0xff, 0x0a]);
    await expect(async () => {
      for await (const _rows of (await openCsvEvents(pieces(bytes, 60))).rows()) {
        // read to its end
      }
    }).rejects.toThrow('line 3 is not UTF-8');
  });
});
