import { createHash } from 'node:crypto';
import type { LabJob } from '@rewardbook/contracts/api/lab';
import type { Sql } from '@rewardbook/db/client';
import type { AskedEvents } from '@rewardbook/lab/question/asked-events';
import type { KnownKey } from '@rewardbook/runtime/access/key-cache';
import { requireOwnProgram } from '@rewardbook/runtime/access/key-programs';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { ReportSource } from '../service/read-cursor.ts';
import { Jobs } from './jobs.ts';
import type { KindOfProgram } from './kind-of-program.ts';
import { LAB_LIMITS, type LabLimits } from './limits.ts';
import { QuestionChecks } from './question-checks.ts';
import { recordedSource } from './recorded.ts';
import { Uploads } from './uploads.ts';
import type { EventSource, JobLog } from './work.ts';

/** Whose question it is: the key, and the programs whose events it may ask about. */
type Asker = Pick<KnownKey, 'keyId' | 'programs'>;

interface FoundEvents {
  readonly source: EventSource;
  /** Identifies the events: different events have a different text. */
  readonly contents: string;
  readonly release: () => void;
}

const nothing = (): void => undefined;

/** The policy lab: uploaded events, and questions about events. */
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
  async ask(key: Asker, body: Uint8Array): Promise<LabJob> {
    const { question, kind, events, digest } = await this.#checks.check(body);
    const { source, contents, release } = await this.#eventsOf(key, events, kind);
    return this.jobs.ask({
      job: createHash('sha256').update(`lab 3\n${digest}\n${contents}`).digest('hex'),
      keyId: key.keyId,
      work: { question, body, limits: this.limits, source },
      release,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.jobs.close(), this.#checks.close()]);
    await this.uploads.close();
  }

  async #eventsOf(key: Asker, given: AskedEvents | undefined, kind: KindOfProgram | undefined): Promise<FoundEvents> {
    if (given === undefined || kind === undefined) {
      return { source: { kind: 'none' }, contents: 'none', release: nothing };
    }
    if ('upload' in given) {
      const { upload } = given;
      const path = await this.uploads.use(key.keyId, upload);
      if (path === undefined) {
        throw new AppError(
          'upload-unknown',
          'These events are not here, or no longer kept: send them to POST /v1/lab/events',
        );
      }
      const release = (): void => this.uploads.release(upload);
      return { source: { kind: 'file', path }, contents: `upload ${upload}`, release };
    }
    if ('program' in given) {
      const { program: slug, period } = given;
      requireOwnProgram(key, slug);
      const found = await recordedSource(this.#sql, this.#database, { slug, period, kind }, this.limits.events);
      return { ...found, release: nothing };
    }
    const { scenario } = given;
    return {
      source: { kind: 'scenario', scenario },
      contents: `scenario ${JSON.stringify(scenario)}`,
      release: nothing,
    };
  }
}
