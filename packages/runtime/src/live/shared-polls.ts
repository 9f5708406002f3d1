/** State in parts, each by its name; values that JSON can hold. */
export type LiveState = Readonly<Record<string, unknown>>;

/** The parts as JSON. */
export type LiveParts = ReadonlyMap<string, string>;

/** Somebody who looks at a state. */
export interface LiveViewer {
  show(parts: LiveParts): void;
  /** The state could not be read: nothing more comes. */
  fail(error: unknown): void;
}

export interface SharedPollsOptions<Key> {
  /** How things are now. Called by one at a time for each key. */
  read(key: Key): Promise<LiveState>;
  /** Pause between the end of a read and the next one. */
  readonly pauseMs: number;
}

interface Watched {
  parts: LiveParts;
  readonly viewers: Set<LiveViewer>;
  timer: NodeJS.Timeout | undefined;
  /** The read under way, or the last one. */
  reading: Promise<void>;
}

/**
 * State that many look at: read again and again while somebody does, once for all of them, and not at all while nobody does. What
 * is shown is always how things were in the database a moment ago, whichever process changed them.
 */
export class SharedPolls<Key extends string | number> {
  readonly #options: SharedPollsOptions<Key>;
  readonly #watched = new Map<Key, Watched>();

  constructor(options: SharedPollsOptions<Key>) {
    this.#options = options;
  }

  /**
   * Shows the state of `key` from now on: whole at first, then after each read.
   *
   * @returns ends it
   * @throws what the first read throws
   */
  async watch(key: Key, viewer: LiveViewer): Promise<() => void> {
    let watched = this.#watched.get(key);
    if (watched === undefined) {
      watched = { parts: new Map(), viewers: new Set(), timer: undefined, reading: Promise.resolve() };
      this.#watched.set(key, watched);
      watched.reading = this.#read(key, watched);
    }
    const { viewers } = watched;
    viewers.add(viewer);
    const leave = (): void => {
      viewers.delete(viewer);
      this.#forgetIfAlone(key);
    };
    try {
      await (watched.parts.size === 0 ? watched.reading : undefined);
    } catch (error) {
      leave();
      throw error;
    }
    viewer.show(watched.parts);
    return leave;
  }

  /** Reads once; whoever waits for it learns how it went. */
  async #read(key: Key, watched: Watched): Promise<void> {
    const state = await this.#options.read(key).catch((error: unknown) => {
      this.#forget(key, watched);
      throw error;
    });
    watched.parts = new Map(Object.entries(state).map(([name, part]) => [name, JSON.stringify(part)]));
    if (this.#watched.get(key) === watched) {
      watched.timer = setTimeout(() => this.#goOn(key, watched), this.#options.pauseMs);
      watched.timer.unref();
    }
  }

  #goOn(key: Key, watched: Watched): void {
    watched.reading = this.#read(key, watched);
    watched.reading.then(
      () => {
        for (const viewer of watched.viewers) {
          viewer.show(watched.parts);
        }
      },
      (error: unknown) => {
        for (const viewer of watched.viewers) {
          viewer.fail(error);
        }
      },
    );
  }

  #forgetIfAlone(key: Key): void {
    const watched = this.#watched.get(key);
    if (watched !== undefined && watched.viewers.size === 0) {
      this.#forget(key, watched);
    }
  }

  #forget(key: Key, watched: Watched): void {
    clearTimeout(watched.timer);
    if (this.#watched.get(key) === watched) {
      this.#watched.delete(key);
    }
  }
}
