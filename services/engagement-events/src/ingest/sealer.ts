/**
 * Seals batches, whoever asks, with one statement under way at a time: what comes meanwhile goes into the next one. So a
 * seal costs a fraction of a statement, and no timer.
 */
export class Sealer {
  readonly #seal: (batchIds: readonly bigint[]) => Promise<void>;
  #waiting: bigint[] = [];
  #next: Promise<void> | undefined;
  #current: Promise<void> = Promise.resolve();

  constructor(seal: (batchIds: readonly bigint[]) => Promise<void>) {
    this.#seal = seal;
  }

  /** Resolves when the batch is sealed. */
  seal(batchId: bigint): Promise<void> {
    this.#waiting.push(batchId);
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async #afterCurrent(): Promise<void> {
    await this.#current.catch(() => undefined);
    const batchIds = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    this.#current = this.#seal(batchIds);
    await this.#current;
  }
}
