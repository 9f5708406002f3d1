/** Calls with a limit of how many run at the same time; the error of one is thrown by a later `begin`, or by `end`. */
export interface ConcurrentCalls {
  /** Begins a call once there is room for it. */
  begin(call: () => Promise<void>): Promise<void>;
  /** Resolves once all are done. */
  end(): Promise<void>;
}

/** @param most calls at the same time */
export function limitConcurrency(most: number): ConcurrentCalls {
  const underWay: Promise<void>[] = [];
  return {
    async begin(call) {
      if (underWay.length === most) {
        await underWay.shift();
      }
      const called = call();
      called.catch(() => undefined); // thrown where it is awaited; until then it must not count as unhandled
      underWay.push(called);
    },
    async end() {
      await Promise.all(underWay);
    },
  };
}
