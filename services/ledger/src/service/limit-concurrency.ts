/** Runs a limited number of calls concurrently; the error of one is thrown by a later `begin`, or by `end`. */
export interface SideBySide {
  /** Begins a call once there is room for it. */
  begin(call: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

export function limitConcurrency(most: number): SideBySide {
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
