/** Something that is done again and again until it is closed. */
export interface Repeating {
  /** Ends it, once the run under way is done. */
  close(): Promise<void>;
}

/** Runs `work` again and again, `pauseMs` after the end of the run before. It must not throw. */
export function repeatEvery(pauseMs: number, work: () => Promise<void>): Repeating {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const schedule = (): void => {
    if (closed) {
      return;
    }
    timer = setTimeout(() => {
      running = work().finally(schedule);
    }, pauseMs);
  };
  schedule();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
