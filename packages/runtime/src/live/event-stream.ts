import { Readable } from 'node:stream';
import type { LiveParts, LiveViewer } from './shared-polls.ts';

/** How long a browser's EventSource waits before it asks again. */
const RETRY_MS = 2_000;
const HIGH_WATER_BYTES = 16_384;

/**
 * A state as server-sent events (text/event-stream), an event for each part that has changed. A reader that is slow gets the newest
 * state once it reads on, and nothing of what came between: no more than one state waits for it.
 */
export class EventStream extends Readable implements LiveViewer {
  #parts: LiveParts = new Map();
  readonly #sent = new Map<string, string>();
  #isWanted = false;
  #isQuiet = true;
  readonly #without: ReadonlySet<string>;

  /** @param without parts that its reader is not to see */
  constructor(without: readonly string[] = []) {
    super({ highWaterMark: HIGH_WATER_BYTES });
    this.#without = new Set(without);
    this.push(`retry: ${RETRY_MS}\n\n`);
  }

  /** Whether it waits for its reader. */
  get isHeldUp(): boolean {
    return !this.#isWanted;
  }

  show(parts: LiveParts): void {
    this.#parts = parts;
    this.#sendChanges();
  }

  /** Ends it: the reader asks again, and learns then what is wrong. */
  fail(): void {
    this.end();
  }

  /** Says that it is still there, if nothing else did since the last call. */
  beat(): void {
    if (this.#isQuiet && this.#isWanted) {
      this.#push(': alive\n\n');
    }
    this.#isQuiet = true;
  }

  /** Ends it; a reader that is held up is not waited for. */
  end(): void {
    if (this.isHeldUp) {
      this.destroy();
    } else {
      this.push(null);
    }
  }

  override _read(): void {
    this.#isWanted = true;
    this.#sendChanges();
  }

  #sendChanges(): void {
    if (!this.#isWanted) {
      return;
    }
    let text = '';
    for (const [name, json] of this.#parts) {
      if (this.#sent.get(name) !== json && !this.#without.has(name)) {
        this.#sent.set(name, json);
        text += `event: ${name}\ndata: ${json}\n\n`;
      }
    }
    if (text !== '') {
      this.#push(text);
    }
  }

  #push(text: string): void {
    this.#isQuiet = false;
    // Before the push: that may ask for more at once.
    this.#isWanted = false;
    this.push(text);
  }
}
