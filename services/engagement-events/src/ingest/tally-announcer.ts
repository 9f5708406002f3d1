/** Least time between two jobs of a program. */
const PAUSE_MS = 250;
/** Batches that one job carries; what comes beyond it within a pause is left to the ledger's sweep. */
const MAX_BATCHES = 1_000;

export interface TallyAnnouncerOptions {
  readonly enqueue: (batchIds: string[]) => Promise<void>;
  readonly onFailure: (error: unknown, batches: number) => void;
}

interface AnnouncedProgram {
  readonly batchIds: string[];
  timer: NodeJS.Timeout | undefined;
}

/**
 * Has sealed batches tallied: at most one job per program in 250 ms, with all batches since. No request waits for it,
 * and nothing is lost if it fails: a sweep finds what was not announced.
 */
export class TallyAnnouncer {
  readonly #options: TallyAnnouncerOptions;
  readonly #programs = new Map<number, AnnouncedProgram>();
  readonly #sending = new Set<Promise<void>>();

  constructor(options: TallyAnnouncerOptions) {
    this.#options = options;
  }

  announce(programId: number, batchId: bigint): void {
    let program = this.#programs.get(programId);
    if (program === undefined) {
      program = { batchIds: [], timer: undefined };
      this.#programs.set(programId, program);
    }
    if (program.batchIds.length < MAX_BATCHES) {
      program.batchIds.push(String(batchId));
    }
    if (program.timer !== undefined) {
      return;
    }
    this.#send(program);
    this.#pause(program);
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    for (const program of this.#programs.values()) {
      clearTimeout(program.timer);
      program.timer = undefined;
      this.#send(program);
    }
    await Promise.all(this.#sending);
  }

  #pause(program: AnnouncedProgram): void {
    program.timer = setTimeout(() => {
      program.timer = undefined;
      if (program.batchIds.length === 0) {
        return;
      }
      this.#send(program);
      this.#pause(program);
    }, PAUSE_MS);
    program.timer.unref();
  }

  #send(program: AnnouncedProgram): void {
    const batchIds = program.batchIds.splice(0);
    if (batchIds.length === 0) {
      return;
    }
    const sending = this.#options
      .enqueue(batchIds)
      .catch((error: unknown) => this.#options.onFailure(error, batchIds.length))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }
}
