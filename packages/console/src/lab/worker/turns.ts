const TURN_MS = 50;

/** Was asked for no longer. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Lets messages in, now and then, in long work. */
export interface Turns {
  /** Call often: it waits only if the last turn is long ago. @throws Cancelled */
  take(): Promise<void>;
}

export function turnsOf(signal: AbortSignal): Turns {
  let lastMs = performance.now();
  return {
    async take() {
      if (performance.now() - lastMs < TURN_MS) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal.aborted) {
        throw new Cancelled('cancelled');
      }
      lastMs = performance.now();
    },
  };
}
