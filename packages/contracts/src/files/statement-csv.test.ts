import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describeIssues } from '../values/issue.ts';
import { MAX_STATEMENT_LINES, parseStatementCsv } from './statement-csv.ts';

const HEADER = 'reference,amount,date,currency\n';

async function faults(csv: string): Promise<string> {
  const parsed = await parseStatementCsv(csv);
  return parsed.ok ? '' : describeIssues(parsed.issues);
}

describe('a statement in CSV', () => {
  it('is read by its header, whatever else the bank puts in', async () => {
    const csv = '\ufeffdate,balance,currency,reference,amount\r\n2024-10-01,"1,000",JPY,"SWIFT ""1""",-1500\r\n';
    expect(await parseStatementCsv(csv)).toEqual({
      ok: true,
      value: [{ line: 2, reference: 'SWIFT "1"', amount: '-1500', currency: 'JPY', date: '2024-10-01' }],
    });
  });

  it('has amounts with all the digits of their own currency', async () => {
    const parsed = await parseStatementCsv(`${HEADER}a,1.5,2024-10-01,KWD\nb,2,2024-10-01,IDR\n`);
    expect(parsed.ok && parsed.value.map(({ amount }) => amount)).toEqual(['1.500', '2.00']);
  });

  it('may have its header again, as files that were put together have it', async () => {
    const parsed = await parseStatementCsv(`${HEADER}a,1.00,2024-10-01,EUR\n\ufeff${HEADER}b,2.00,2024-10-01,EUR\n`);
    expect(parsed.ok && parsed.value.map(({ reference, line }) => [reference, line])).toEqual([
      ['a', 2],
      ['b', 4],
    ]);
  });

  it('is refused where it is not UTF-8, with the line', async () => {
    const file = Readable.from([Buffer.from(`${HEADER}M\u00fcller,1.00,2024-10-01,EUR\n`, 'latin1')]);
    const parsed = await parseStatementCsv(file);
    expect(parsed.ok || describeIssues(parsed.issues)).toContain('line 2: is not UTF-8');
  });

  it('may have no lines', async () => {
    expect(await parseStatementCsv(HEADER)).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['', 'line 1: the file is empty; it needs a header'],
    ['reference,amount,date\n', 'line 1: the column currency is missing'],
    ['reference,amount,date,currency,amount\n', 'line 1, column 5: the column amount is there twice'],
    [`${HEADER}a,1.00,2024-10-01\n`, 'line 2: 3 cells where the header has 4'],
    [`${HEADER}\n\na,1e3,2024-10-01,IDR\n`, 'line 4, column 2: amount'],
    [`${HEADER}a,"1,000.00",2024-10-01,IDR\n`, 'line 2, column 2: amount'],
    [`${HEADER}a,1.00,01/10/2024,IDR\n`, 'line 2, column 3: date'],
    [`${HEADER}a,1.00,2024-10-01,idr\n`, 'line 2, column 4: currency'],
    [`${HEADER}"a\u0007",1.00,2024-10-01,IDR\n`, 'line 2, column 1: reference: reference has a control character'],
    [`${HEADER}a,"1.00,2024-10-01,IDR\n`, 'line'],
  ])('says what is wrong where: %j', async (csv, expected) => {
    expect(await faults(csv)).toContain(expected);
  });

  it('names every fault of a line, and of a hundred lines', async () => {
    expect((await faults(`${HEADER},x,y,z\n`)).split('\n')).toHaveLength(3);
    const many = `${HEADER}${'a,x,2024-10-01,IDR\n'.repeat(500)}`;
    expect((await faults(many)).split('\n')).toHaveLength(100);
  });

  it('has a limit', async () => {
    const lines = 'a,1,2024-10-01,IDR\n'.repeat(MAX_STATEMENT_LINES + 1);
    expect(await faults(HEADER + lines)).toContain(`at most ${MAX_STATEMENT_LINES} lines`);
  });
});
