import { expect, it } from 'vitest';
import { renderFacts, renderTable } from './table.ts';

it('lines up wide characters, marks and emoji', () => {
  const rows = [
    ['宮本 雪', '1.00'],
    ['e\u0301ve', '22.00'],
    ['👩‍👩‍👧', '3.00'],
    ['plain', '4.00'],
  ];
  expect(renderTable([{ title: 'payee' }, { title: 'net', align: 'right' }], rows)).toBe(
    [
      'payee      net',
      '-------  -----',
      '宮本 雪   1.00',
      'e\u0301ve      22.00',
      '👩‍👩‍👧        3.00',
      'plain     4.00',
      '',
    ].join('\n'),
  );
  expect(
    renderFacts([
      ['宮本', 'a'],
      ['b', 'c'],
    ]),
  ).toBe('宮本  a\nb     c\n');
});
