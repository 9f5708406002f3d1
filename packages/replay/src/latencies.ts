const DIGITS = 1_000;

/** Durations in microseconds, to three digits, in constant memory. */
export class Latencies {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** @param us a whole number from 1 */
  record(us: number): void {
    const value = rounded(us);
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    this.#total += 1;
  }

  /** The least duration that so much of all is not longer than; 0 where nothing was recorded. @param percent from 0 to 100 */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#total));
    let seen = 0;
    for (const value of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(value) ?? 0;
      if (seen >= wanted) {
        return value;
      }
    }
    return 0;
  }
}

function rounded(us: number): number {
  let step = 1;
  while (us / step >= 10 * DIGITS) {
    step *= 10;
  }
  return Math.round(us / step) * step;
}
