/** Calls of which a few are under way at once; what one throws comes out where the next is begun, or at the end. */
export interface SideBySide {
  /** Begins a call once there is room for it. */
  begin(call: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

export function sideBySide(most: number): SideBySide {
  const underWay: Promise<void>[] = [];
  return {
    async begin(call) {
      if (underWay.length === most) await underWay.shift();
      const called = call();
      called.catch(() => undefined); // thrown where it is awaited; until then it must not count as unhandled
      underWay.push(called);
    },
    async end() {
      await Promise.all(underWay);
    },
  };
}
