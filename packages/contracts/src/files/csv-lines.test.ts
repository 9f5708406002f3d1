import { describe, expect, it } from 'vitest';
import { asWritten, csvLines } from './csv-lines.ts';

describe('csvLines', () => {
  it('quotes what would end a cell or a record, a carriage return too, and leaves empty what is not there', () => {
    expect(csvLines([['a,b', 'a"b', 'a\nb', 'a\rb', ' a ', '', null, 7, 7n]])).toBe(
      '"a,b","a""b","a\nb","a\rb", a ,,,7,7\n',
    );
    expect(csvLines([])).toBe('');
  });

  it.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\tx', '＝1', '＋1', '－1', '＠x', '-', '-1e5', '--1'])(
    'keeps %j from running as a formula, unless a program reads it',
    (cell) => {
      expect(csvLines([[cell]])).toBe(`'${cell}\n`);
      expect(csvLines([[cell]], asWritten)).toBe(`${cell}\n`);
    },
  );

  it('guards before it quotes', () => {
    expect(csvLines([['=HYPERLINK("x")', '\rx']])).toBe('"\'=HYPERLINK(""x"")","\'\rx"\n');
  });

  it.each(['-1', '-12.50', '1=1', 'a-b', "'x"])('leaves %j unchanged', (cell) => {
    expect(csvLines([[cell]])).toBe(`${cell}\n`);
  });
});
