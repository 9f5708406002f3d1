import type { ChartColours } from './colours.ts';

const STEPS: readonly (readonly [number, string])[] = [
  [1e15, 'Q'],
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A place on an axis, short: 1500000 is "1.5M". */
export function shortNumber(value: number): string {
  const step = STEPS.find(([size]) => Math.abs(value) >= size);
  if (step === undefined) {
    return String(Number(value.toPrecision(4)));
  }
  const [size, letter] = step;
  return `${Number((value / size).toPrecision(3))}${letter}`;
}

/** A value axis that leaves the exact figures to texts and tables. */
export function shortAxis(colours: ChartColours) {
  return {
    axisLabel: { color: colours['ink-soft'], formatter: shortNumber, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line } },
    splitNumber: 4,
  };
}
