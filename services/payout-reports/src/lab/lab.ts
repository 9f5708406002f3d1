import { createHash } from 'node:crypto';
import type { LabJob } from '@rewardbook/contracts/lab';
import type { Sql } from '@rewardbook/db/client';
import { parsePeriod, periodBounds } from '@rewardbook/domain/period';
import { AppError } from '@rewardbook/runtime/errors';
import type { ReportSource } from '../store/in-batches.ts';
import { findProgram } from '../store/program.ts';
import { recordedState } from '../store/recorded-events.ts';
import { Jobs } from './jobs.ts';
import { LAB_LIMITS, type LabLimits } from './limits.ts';
import { QuestionChecks } from './question-checks.ts';
import type { AskedEvents } from './read-question.ts';
import { Uploads } from './uploads.ts';
import type { EventSource, JobLog } from './work.ts';

interface FoundEvents {
  readonly source: EventSource;
  /** Says which events they are: others have another text. */
  readonly contents: string;
  readonly release: () => void;
}

const nothing = (): void => undefined;

/** The policy lab: events that were sent in, and questions about events. */
export class Lab {
  readonly uploads: Uploads;
  readonly jobs: Jobs;
  readonly #checks: QuestionChecks;
  readonly limits: LabLimits;
  readonly #sql: Sql;
  readonly #database: ReportSource;

  constructor(sql: Sql, database: ReportSource, logger: JobLog, limits: Partial<LabLimits> = {}) {
    this.limits = { ...LAB_LIMITS, ...limits };
    this.uploads = new Uploads(this.limits);
    this.jobs = new Jobs(this.limits, logger);
    this.#checks = new QuestionChecks(this.limits, logger);
    this.#sql = sql;
    this.#database = database;
  }

  /** The job of a key's question: the same question about the same events has the same. @throws AppError */
  async ask(keyId: number, body: Uint8Array): Promise<LabJob> {
    const { question, events, digest } = await this.#checks.check(body);
    const { source, contents, release } = await this.#eventsOf(keyId, events);
    const { events: maxEvents, answerBytes: maxAnswerBytes, gridSize, gridBytes } = this.limits;
    return this.jobs.ask({
      job: createHash('sha256').update(`lab 2\n${digest}\n${contents}`).digest('hex'),
      keyId,
      work: { question, body, limits: { gridSize, gridBytes }, source, maxEvents, maxAnswerBytes },
      release,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.jobs.close(), this.#checks.close()]);
    await this.uploads.close();
  }

  async #eventsOf(keyId: number, given: AskedEvents | undefined): Promise<FoundEvents> {
    if (given === undefined) return { source: { kind: 'none' }, contents: 'none', release: nothing };
    if ('upload' in given) {
      const { upload } = given;
      const path = await this.uploads.use(keyId, upload);
      if (path === undefined) {
        throw new AppError(
          'upload-unknown',
          'These events are not here, or not any more: send them to POST /v1/lab/events',
        );
      }
      const release = (): void => this.uploads.release(upload);
      return { source: { kind: 'file', path }, contents: `upload ${upload}`, release };
    }
    if ('program' in given) return this.#recorded(given.program, given.period);
    const { scenario } = given;
    return {
      source: { kind: 'scenario', scenario },
      contents: `scenario ${JSON.stringify(scenario)}`,
      release: nothing,
    };
  }

  async #recorded(slug: string, period: string | undefined): Promise<FoundEvents> {
    const program = await findProgram(this.#sql, slug);
    if (program === undefined) throw new AppError('program-unknown', `There is no program ${slug}`);
    const { programId, periodKind, timeZone } = program;
    if (period !== undefined && parsePeriod(period)?.kind !== periodKind) {
      throw new AppError('bad-period', `${slug} has periods of a ${periodKind}; ${period} is none`);
    }
    const bounds = period === undefined ? undefined : periodBounds(period, timeZone);
    const { lastBatch, batches, accepted } = await recordedState(this.#sql, programId);
    if (period === undefined && Number(accepted) > this.limits.events) {
      throw new AppError('too-large', `${slug} has ${accepted} events; at most ${this.limits.events} are asked about`);
    }
    return {
      source: { kind: 'recorded', database: this.#database, programId, lastBatch, bounds },
      contents: `recorded ${programId} ${lastBatch} ${batches} ${accepted} ${period ?? ''}`,
      release: nothing,
    };
  }
}
