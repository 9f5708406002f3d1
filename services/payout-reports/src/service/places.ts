import { AppError } from '@rewardbook/runtime/http/errors';

/**
 * Limits on simultaneous work, in all and per key: work that holds database connections has a fixed number of places.
 */
export class Places {
  readonly #most: number;
  readonly #mostPerKey: number;
  readonly #what: string;
  readonly #ofKey = new Map<number, number>();
  #taken = 0;

  /** @param what in the plural, for messages */
  constructor(what: string, most: number, mostPerKey: number) {
    this.#what = what;
    this.#most = most;
    this.#mostPerKey = mostPerKey;
  }

  /** Whether all places are taken, though not by this key. */
  isFullOfOthersThan(keyId: number): boolean {
    return this.#taken >= this.#most && (this.#ofKey.get(keyId) ?? 0) < this.#mostPerKey;
  }

  /** Gives the place back when called. @throws AppError `too-many-requests`, `overloaded` */
  take(keyId: number): () => void {
    const ofKey = this.#ofKey.get(keyId) ?? 0;
    if (ofKey >= this.#mostPerKey) {
      throw new AppError(
        'too-many-requests',
        `This key has ${ofKey} ${this.#what} under way; try again when one is done`,
      );
    }
    if (this.#taken >= this.#most) {
      throw new AppError(
        'overloaded',
        `${this.#taken} ${this.#what} are already under way; try again when one is done`,
      );
    }
    this.#taken += 1;
    this.#ofKey.set(keyId, ofKey + 1);
    let isBack = false;
    return () => {
      if (isBack) {
        return;
      }
      isBack = true;
      this.#taken -= 1;
      const left = (this.#ofKey.get(keyId) ?? 1) - 1;
      if (left === 0) {
        this.#ofKey.delete(keyId);
      } else {
        this.#ofKey.set(keyId, left);
      }
    };
  }

  /** Does work in a place. */
  async hold<Value>(keyId: number, work: () => Promise<Value>): Promise<Value> {
    const giveBack = this.take(keyId);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }
}
