import type { CheckOut, CheckProgress } from '@rewardbook/contracts/api/verify';
import type { Finding } from './books-sql.ts';

/** Counts what a check looks at, and keeps the first difference that it is given. */
export class Tally {
  #checked = 0;
  #read = 0;
  #difference: string | null = null;

  /** Counts one more thing; `difference` says what is wrong with it, and is called only if nothing was wrong before. */
  note(holds: boolean, difference: () => string): void {
    this.#checked += 1;
    if (!holds) {
      this.#difference ??= difference();
    }
  }

  /** Counts a row that was read for what is checked later. */
  noteRead(): void {
    this.#read += 1;
  }

  get read(): number {
    return this.#read;
  }

  get finding(): Finding {
    return { checked: this.#checked, difference: this.#difference };
  }
}

function toCheck(check: string, { checked, difference }: Finding): CheckOut {
  return { check, ok: difference === null, checked, difference };
}

/** The checks of a verification as they go: each waits, runs, and is done. */
export class Checks {
  readonly #begun = new Map<string, { readonly tally: Tally; done: CheckOut | undefined }>();
  readonly #names: readonly string[];

  /** @param names of all that are to come, in their order */
  constructor(names: readonly string[] = []) {
    this.#names = names;
  }

  /** What counts for the check from now on. */
  begin(check: string): Tally {
    const tally = new Tally();
    this.#begun.set(check, { tally, done: undefined });
    return tally;
  }

  /** @param finding of a check that has no tally of its own */
  end(check: string, finding?: Finding): CheckOut {
    const begun = this.#begun.get(check);
    if (begun === undefined) {
      throw new Error(`the check ${check} ends before it began`);
    }
    begun.done = toCheck(check, finding ?? begun.tally.finding);
    return begun.done;
  }

  /** How far they are. */
  get progress(): CheckProgress[] {
    return this.#names.map((check) => {
      const begun = this.#begun.get(check);
      if (begun?.done !== undefined) {
        return { ...begun.done, state: 'done', read: 0 };
      }
      const { checked, difference } = begun?.tally.finding ?? { checked: 0, difference: null };
      const ok = difference === null ? null : false;
      return {
        check,
        ok,
        checked,
        difference,
        state: begun === undefined ? 'waiting' : 'running',
        read: begun?.tally.read ?? 0,
      };
    });
  }
}
