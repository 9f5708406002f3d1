import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const WINDOW_MS = 1_000;

export interface LoopDelay {
  /** Median of the last full second, in milliseconds. */
  readonly milliseconds: number;
  stop(): void;
}

/** Watches how late the event loop runs. */
export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let milliseconds = 0;
  const timer = setInterval(() => {
    milliseconds = Math.max(0, histogram.percentile(50) / 1e6 - RESOLUTION_MS);
    histogram.reset();
  }, WINDOW_MS);
  timer.unref();
  return {
    get milliseconds() {
      return milliseconds;
    },
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
