import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describeIssues } from '../values/issue.ts';
import { parseCreatorsCsv } from './creators-csv.ts';
import { writeCreatorsCsv } from './creators-csv-writer.ts';

async function refusal(text: string): Promise<string> {
  const parsed = await parseCreatorsCsv(text);
  return parsed.ok ? 'accepted' : describeIssues(parsed.issues);
}

describe('writeCreatorsCsv', () => {
  it('writes what parseCreatorsCsv reads: nothing is lost, and nothing guarded', async () => {
    const creators = Array.from({ length: 2_500 }, (_, index) => ({
      creatorId: `c${index}`,
      handle: index % 2 === 0 ? null : `a "b", ${index}`,
      country: 'ID',
      joinedOn: '2026-01-31',
      followers: index,
      viewerIds: index % 3 === 0 ? [] : [`v${index}`, `w${index}`],
      taxCountry: null,
      payee: '=1+1',
      account: '+6281234567890',
    }));
    const text = [...writeCreatorsCsv(creators)].join('');
    expect(text.slice(0, text.indexOf('c1'))).toBe(
      'creatorId,handle,country,joinedOn,followers,viewerIds,taxCountry,payee,account\n' +
        'c0,,ID,2026-01-31,0,,,=1+1,+6281234567890\n',
    );
    expect(await parseCreatorsCsv(text)).toEqual({ ok: true, value: creators });
  });
});

describe('parseCreatorsCsv', () => {
  it('finds columns by header, in any order, and takes empty cells as not given', async () => {
    const text = '\ufefffollowers,creatorId,viewerIds,country,joinedOn\r\n12,c1,v1  v2,ID,2024-02-29\r\n,c2,,,\r\n';
    const none = { handle: null, country: null, joinedOn: null, taxCountry: null, payee: null, account: null };
    expect(await parseCreatorsCsv(text)).toEqual({
      ok: true,
      value: [
        { ...none, creatorId: 'c1', country: 'ID', joinedOn: '2024-02-29', followers: 12, viewerIds: ['v1', 'v2'] },
        { ...none, creatorId: 'c2', followers: 0, viewerIds: [] },
      ],
    });
  });

  it('takes IBANs however they are written, and other accounts unchanged', async () => {
    const text =
      'creatorId,account\nsp,DE89 3704 0044 0532 0130 00\nlc,de89370400440532013000\npre,IBAN:NL91ABNA0417164300\nother, 4 \n';
    const parsed = await parseCreatorsCsv(text);
    expect(parsed.ok && parsed.value.map(({ account }) => account)).toEqual([
      'DE89370400440532013000',
      'DE89370400440532013000',
      'NL91ABNA0417164300',
      ' 4 ',
    ]);
  });

  it('reads a file that comes in pieces', async () => {
    async function* pieces() {
      yield Buffer.from('creatorId,handle\nc1,"caf');
      yield Buffer.from([0xc3]);
      yield Buffer.from([0xa9]);
      yield Buffer.from('"\n');
    }
    expect(await parseCreatorsCsv(pieces())).toMatchObject({ ok: true, value: [{ creatorId: 'c1', handle: 'café' }] });
  });

  it('leaves out a header that comes again, as in files that were put together', async () => {
    const file = '\ufeffcreatorId,handle\r\nc1,a\r\n';
    const other = file.replace('c1', 'creatorId');
    const parsed = await parseCreatorsCsv(Readable.from([Buffer.from(file + other)]));
    expect(parsed.ok && parsed.value.map(({ creatorId }) => creatorId)).toEqual(['c1', 'creatorId']);
  });

  it('refuses what is not UTF-8, with the line', async () => {
    const file = Buffer.from('creatorId,handle\r\nc1,a\r\nJosé,"x\ny"\r\n', 'latin1');
    const parsed = await parseCreatorsCsv(Readable.from([file]));
    expect(parsed.ok || describeIssues(parsed.issues)).toBe('line 3: is not UTF-8; save the file as UTF-8');
  });

  it.each([
    ['creatorId,fans\nc1,1\n', 'line 1, column 2: "fans" is not a column'],
    ['creatorId,creatorId\nc1,c1\n', 'line 1, column 2: the column creatorId is there twice'],
    ['handle\nann\n', 'line 1: the column creatorId is missing'],
    ['', 'the file is empty'],
    ['creatorId,followers\nc1,1\nc2,-3\n', 'line 3, column 2: followers'],
    ['creatorId,followers\nc1,1e3\n', 'line 2, column 2: followers: followers is a whole number'],
    ['creatorId,joinedOn\n\nc1,2026-02-30\n', 'line 3, column 2: joinedOn: give a date that exists'],
    ['creatorId,country\nc1,Indonesia\n', 'line 2, column 2: country'],
    ['creatorId\nc1\nc2\nc1\n', 'line 4, column 1: creatorId: "c1" is on line 2 already'],
    ['creatorId,handle\nc1\n', 'line 2: 1 cells where the header has 2'],
    ['creatorId,handle\nc1,"x\r\ny"\r\nc1,z\r\n', 'line 2, column 2: handle: value has a control character'],
    ['creatorId,handle\nc1,"x\r\ny"\r\nc2,z\r\n,q\r\n', 'line 5, column 1: creatorId: value is empty'],
    ['creatorId,handle\nc1,"x\nc2,z\n', 'line 2: a quote is not closed'],
    [
      'creatorId,account\nok,DE89370400440532013000\nbad,DE89370400440532013001\n',
      'line 3, column 2: account: the account of "bad" cannot be paid to: DE89370400440532013001 is not an IBAN',
    ],
  ])('refuses %j, saying where and why', async (text, message) => {
    expect(await refusal(text)).toContain(message);
  });
});
