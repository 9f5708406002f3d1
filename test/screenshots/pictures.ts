import type { Page } from 'playwright-core';
import { PROGRAM } from '../console/support/console-system.ts';

/** A picture of a page: who looks at it, where, how large. */
export interface Picture {
  /** Of the file, without `.png`. */
  readonly name: string;
  readonly who: string;
  readonly path: string;
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  /** What is pressed before it is taken. */
  prepare?(page: Page): Promise<void>;
}

const BOOKS = `/books/${PROGRAM}`;
const WIDE = { width: 1280, height: 800 } as const;

/** Few and small: each is in the README, or goes. */
export const PICTURES: readonly Picture[] = [
  { name: 'program', who: 'olga', path: BOOKS, theme: 'light', ...WIDE },
  { name: 'period', who: 'olga', path: `${BOOKS}/periods/2026-10`, theme: 'light', ...WIDE },
  { name: 'why', who: 'rita', path: `${BOOKS}/creators/c0000001/why/2026-10`, theme: 'light', ...WIDE },
  {
    name: 'approve',
    who: 'ben',
    path: `${BOOKS}/runs/2026-10-1`,
    theme: 'dark',
    ...WIDE,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Approve …' }).click();
      await page.getByText('You sign that').waitFor();
    },
  },
  {
    name: 'lab',
    who: 'olga',
    path: `/lab/policies?program=${PROGRAM}&from=2026-09&to=2026-10&b=${encodeURIComponent('{"weights":{"follow":"8"}}')}`,
    theme: 'light',
    ...WIDE,
    prepare: async (page) => {
      await page.getByRole('heading', { name: 'Creators' }).waitFor();
    },
  },
  { name: 'replay', who: 'olga', path: `/replay/${PROGRAM}`, theme: 'light', ...WIDE },
];
