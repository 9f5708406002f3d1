import type { Actor } from '@rewardbook/db/actor';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { AppError } from '@rewardbook/runtime/http/errors';
import { repeatEvery } from '@rewardbook/runtime/repeat-every';
import type { Ledger } from '../service/ledger.ts';
import { Checks } from './check.ts';
import { beginVerifyRun, endVerifyRun, findRunning, noteVerifyRun, type VerifyRunEnd } from './runs-sql.ts';
import { CHECK_NAMES, verifyProgram } from './verify-program.ts';

const NOTE_EVERY_MS = 1_000;
const END_WITHIN_SECONDS = 1;

/** What of a logger they need. */
interface RunsLogger {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Why a verification was ended before it was done. */
class Ended extends Error {
  readonly state: 'cancelled' | 'interrupted';

  constructor(state: 'cancelled' | 'interrupted', message: string) {
    super(message);
    this.state = state;
  }
}

/** One verification at a time in a process: it reads all that there is, and holds the events of all closes in memory. */
export class VerifyPlace {
  #isTaken = false;

  /** @returns gives it back. @throws AppError `overloaded` */
  take(): () => void {
    if (this.#isTaken) {
      const message = 'A verification is under way already; try again when it is done';
      throw new AppError('overloaded', message, { retryAfterSeconds: 5 });
    }
    this.#isTaken = true;
    return () => {
      this.#isTaken = false;
    };
  }
}

/** Verifications as jobs of this process: each goes on without its client, and shows in the database how far it is. */
export class VerifyRuns {
  readonly #ledger: Ledger;
  readonly #place: VerifyPlace;
  readonly #logger: RunsLogger;
  readonly #underWay = new Map<AbortController, Promise<void>>();

  constructor(ledger: Ledger, place: VerifyPlace, logger: RunsLogger) {
    this.#ledger = ledger;
    this.#place = place;
    this.#logger = logger;
  }

  /**
   * Starts a verification; where one of the program is under way, in whichever process, that one is given.
   *
   * @returns its number
   * @throws AppError `overloaded` where this process checks another program; BooksRefused `unauthorized`, `forbidden`
   */
  async start(program: Program, actor: Actor): Promise<number> {
    const running = await findRunning(this.#ledger.sql, program.programId);
    if (running !== undefined) {
      return running;
    }
    const release = this.#place.take();
    const connection = this.#ledger.openConnection();
    const checks = new Checks(CHECK_NAMES);
    const leave = async (): Promise<void> => {
      release();
      await connection.end({ timeout: END_WITHIN_SECONDS });
    };
    let run: number;
    try {
      const started = await beginVerifyRun(connection, program.programId, { actor, checks: checks.progress });
      run = started.run;
      if (!started.begun) {
        await leave();
        return run;
      }
    } catch (error) {
      await leave();
      throw error;
    }
    const stopping = new AbortController();
    const work = this.#work(program, run, { checks, stopping, connection }).finally(async () => {
      this.#underWay.delete(stopping);
      await leave();
    });
    this.#underWay.set(stopping, work);
    return run;
  }

  /** Ends what is under way, and says of it that it was interrupted. */
  async close(): Promise<void> {
    for (const stopping of this.#underWay.keys()) {
      stopping.abort(new Ended('interrupted', 'The service was shut down; run the checks again.'));
    }
    await Promise.all(this.#underWay.values());
  }

  async #work(
    program: Program,
    run: number,
    { checks, stopping, connection }: { checks: Checks; stopping: AbortController; connection: Sql },
  ): Promise<void> {
    const { programId } = program;
    const noting = repeatEvery(NOTE_EVERY_MS, async () => {
      const goesOn = await noteVerifyRun(this.#ledger.sql, programId, run, checks.progress).catch((error: unknown) => {
        this.#logger.warn({ err: error, run }, 'how far a verification is could not be noted');
        return true;
      });
      if (!goesOn) {
        stopping.abort(new Ended('cancelled', 'Somebody ended it.'));
      }
    });
    const end = await verifyProgram(this.#ledger, program, { signal: stopping.signal, checks }).then(
      (): VerifyRunEnd => ({ state: 'done', checks: checks.progress, failure: null }),
      (error: unknown): VerifyRunEnd => {
        if (error instanceof Ended) {
          return { state: error.state, checks: checks.progress, failure: error.message };
        }
        this.#logger.error({ err: error, program: program.slug, run }, 'a verification failed');
        const failure = error instanceof Error ? error.message : String(error);
        return { state: 'failed', checks: checks.progress, failure };
      },
    );
    await noting.close();
    await endVerifyRun(connection, programId, run, end).catch((error: unknown) => {
      // The sweep says that it was interrupted, as soon as the connection is gone.
      this.#logger.error({ err: error, program: program.slug, run }, 'the end of a verification could not be noted');
    });
  }
}
