/**
 * A decimal as a place on a chart: rounded to float64, which no eye can tell. For drawing only; texts and tables beside the
 * drawing have the exact digits.
 */
export function toPlot(text: string): number {
  return Number(text);
}
