import type { LabEvents, LabJob, LabQuestion } from '@rewardbook/contracts/lab';
import type { Sql } from '@rewardbook/db/client';
import { parsePeriod, periodBounds } from '@rewardbook/domain/period';
import { AppError } from '@rewardbook/runtime/errors';
import { readScenario, type Scenario } from '@rewardbook/simulate/generator/scenario';
import { ScenarioError } from '@rewardbook/simulate/generator/scenario-fields';
import type { ReportSource } from '../store/in-batches.ts';
import { findProgram } from '../store/program.ts';
import { recordedState } from '../store/recorded-events.ts';
import { type JobLog, Jobs } from './jobs.ts';
import { LAB_LIMITS, type LabLimits } from './limits.ts';
import { prepare } from './prepare.ts';
import { Uploads } from './uploads.ts';
import type { EventSource } from './work.ts';

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
  readonly limits: LabLimits;
  readonly #sql: Sql;
  readonly #database: ReportSource;

  constructor(sql: Sql, database: ReportSource, logger: JobLog, limits: Partial<LabLimits> = {}) {
    this.limits = { ...LAB_LIMITS, ...limits };
    this.uploads = new Uploads(this.limits);
    this.jobs = new Jobs(this.limits, logger);
    this.#sql = sql;
    this.#database = database;
  }

  /** The job of a question: the same question about the same events has the same. @throws AppError */
  async ask(asked: LabQuestion): Promise<LabJob> {
    const { question, hashWith } = prepare(asked, this.limits);
    const { source, contents, release } = await this.#eventsOf('events' in asked ? asked.events : undefined);
    const { events: maxEvents, answerBytes: maxAnswerBytes } = this.limits;
    return this.jobs.ask({
      job: hashWith(contents),
      work: { question, source, maxEvents, maxAnswerBytes },
      release,
    });
  }

  async close(): Promise<void> {
    await this.jobs.close();
    await this.uploads.close();
  }

  async #eventsOf(given: LabEvents | undefined): Promise<FoundEvents> {
    if (given === undefined) return { source: { kind: 'none' }, contents: 'none', release: nothing };
    if ('upload' in given) {
      const { upload } = given;
      const path = await this.uploads.use(upload);
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
    const scenario = this.#scenarioOf(given);
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

  #scenarioOf({ scenario: text, ...size }: Extract<LabEvents, { scenario: string }>): Scenario {
    const { events: most, parties } = this.limits;
    let scenario: Scenario;
    try {
      const given = Object.fromEntries(Object.entries(size).filter(([, value]) => value !== undefined));
      scenario = { ...readScenario(text), ...given };
    } catch (error) {
      const isWrong = error instanceof ScenarioError || (error instanceof Error && error.name.startsWith('YAML'));
      throw isWrong
        ? new AppError('invalid-request', `scenario: ${error.message.slice(0, 500)}`, { cause: error })
        : error;
    }
    if (scenario.events > most || scenario.creators > parties || scenario.viewers > parties) {
      throw new AppError(
        'too-large',
        `The scenario has ${scenario.events} events of ${scenario.viewers} viewers and ${scenario.creators} creators; at most ` +
          `${most} events and ${parties} of each are made: give events, viewers, creators`,
      );
    }
    return scenario;
  }
}
