import { expect, it } from 'vitest';
import { walked, walkFrom } from './walk.ts';

const MAX_WALKED = 50_000;

/** The numbers of a list that fit, page after page. */
function readAll(last: number, fits: (number: number) => boolean, order: 'asc' | 'desc', limit: number) {
  const found: number[] = [];
  let searched = 0;
  let after: number | undefined;
  for (let pages = 0; ; pages += 1) {
    const walk = walkFrom({ order, after, first: 1, last, isIndexed: false });
    const rows: number[] = [];
    for (let step = 0; step <= walk.high - walk.low && rows.length <= limit; step += 1) {
      const number = order === 'asc' ? walk.low + step : walk.high - step;
      if (fits(number)) {
        rows.push(number);
      }
    }
    const page = walked(rows, limit, { order, walk, numberOf: (row) => row });
    found.push(...page.rows);
    searched += page.searched;
    if (page.next === null) {
      return { found, searched, pages: pages + 1 };
    }
    after = page.next;
  }
}

it.each(['asc', 'desc'] as const)(
  'looks at every number once and in order, whatever is found on the way (%s)',
  (order) => {
    const last = 3 * MAX_WALKED + 7;
    for (const every of [1_000, 40_000, last, last + 1]) {
      const { found, searched, pages } = readAll(last, (number) => number % every === 0, order, 3);
      const all = Array.from({ length: Math.floor(last / every) }, (_, index) => (index + 1) * every);
      expect(found).toEqual(order === 'asc' ? all : all.reverse());
      expect(searched).toBe(last);
      expect(pages).toBeLessThanOrEqual(4 + Math.ceil(all.length / 3));
    }
  },
);

it('of nothing there is nothing to look at, and what an index leads to is looked at whole', () => {
  expect(readAll(0, () => true, 'desc', 3)).toEqual({ found: [], searched: 0, pages: 1 });
  expect(walkFrom({ order: 'asc', after: undefined, first: 1, last: 10 ** 9, isIndexed: true })).toMatchObject({
    low: 1,
    high: 10 ** 9,
    isEnd: true,
  });
});
