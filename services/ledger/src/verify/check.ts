import type { CheckOut } from '@rewardbook/contracts/api/verify';
import type { Finding } from './books-sql.ts';

/** Counts what a check looks at, and keeps the first difference that it is given. */
export class Tally {
  #checked = 0;
  #difference: string | null = null;

  /** Counts one more thing; `difference` says what is wrong with it, and is called only if nothing was wrong before. */
  note(holds: boolean, difference: () => string): void {
    this.#checked += 1;
    if (!holds) {
      this.#difference ??= difference();
    }
  }

  get finding(): Finding {
    return { checked: this.#checked, difference: this.#difference };
  }
}

export function toCheck(check: string, { checked, difference }: Finding): CheckOut {
  return { check, ok: difference === null, checked, difference };
}
