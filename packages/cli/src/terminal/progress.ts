import { Presets, SingleBar } from 'cli-progress';
import type { OutputStream } from './io.ts';

/** How far work has come, for people. */
export interface Progress {
  /** @param done of `total`, in the unit that the progress was started with */
  update(done: number, detail: string): void;
  /** Leaves the last state on the screen. */
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/**
 * Shows progress on `stream`: a bar on a terminal, elsewhere a line every five seconds (so that short work shows none).
 *
 * @param total undefined where it is not known, as for stdin
 */
export function startProgress(stream: OutputStream, title: string, total: number | undefined): Progress {
  if (stream.isTTY === true && total !== undefined) {
    return startBar(stream, title, total);
  }
  let last = Date.now();
  return {
    update(done, detail) {
      const now = Date.now();
      if (now - last < LINE_EVERY_MS) {
        return;
      }
      last = now;
      const share = total === undefined || total === 0 ? '' : ` ${Math.floor((100 * done) / total)}%`;
      stream.write(`${title}${share} ${detail}\n`);
    },
    stop: () => undefined,
  };
}

function startBar(stream: OutputStream, title: string, total: number): Progress {
  const bar = new SingleBar(
    {
      stream: stream as NodeJS.WritableStream,
      format: `${title} [{bar}] {percentage}%  {detail}`,
      hideCursor: true,
      clearOnComplete: false,
      barsize: 32,
      fps: 10,
      gracefulExit: false, // signals are ours
    },
    Presets.shades_grey,
  );
  bar.start(total, 0, { detail: '' });
  return {
    update: (done, detail) => bar.update(Math.min(done, total), { detail }),
    stop: () => bar.stop(),
  };
}
