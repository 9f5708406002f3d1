import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { answerCsv } from '@rewardbook/lab/answer/answer-csv';
import { answerQuestion } from '@rewardbook/lab/answer/answer-question';
import { prepareQuestion } from '@rewardbook/lab/prepare/prepare';
import { revenueByPeriod } from '@rewardbook/lab/prepare/revenue';
import type { Question } from '@rewardbook/lab/question/question';
import { creatorRows } from '@rewardbook/lab/view/creator-rows';
import { type WorthOfOne, worthOfOneMore } from '@rewardbook/lab/view/one-more';
import { type PolicyView, viewPolicies } from '@rewardbook/lab/view/policy-view';
import type { Outcome } from '@rewardbook/simulate/whatif/outcome';
import { type Trial, trials } from '@rewardbook/simulate/whatif/trials';
import { DeskError } from './desk-error.ts';
import type { DeskAnswers, DeskQuestion, DeskRequest, ListedRows } from './messages.ts';
import { type HeldEvents, openEvents, type Working } from './open-events.ts';

interface Tried {
  readonly a: Outcome;
  readonly b: Outcome;
}

/** Holds the events of one source, and answers about them. */
export class Desk {
  #held: HeldEvents | undefined;
  #trial: Trial | undefined;
  #tried: Tried | undefined;
  /** The order of the rows that were asked for last. */
  #listed: { readonly tried: Tried; readonly query: string; readonly rows: ReturnType<typeof creatorRows> } | undefined;

  /** @throws DeskError, QuestionError, DomainError, MoneyError, UnanswerableError, Cancelled */
  async answer(request: DeskRequest, working: Working): Promise<DeskAnswers[keyof DeskAnswers]> {
    switch (request.ask) {
      case 'open':
        this.#held = undefined;
        this.#trial = undefined;
        this.#tried = undefined;
        this.#held = await openEvents(request.source, working);
        return this.#held.opened;
      case 'try':
        return this.#try(request.a, request.b);
      case 'rows':
        return this.#rows(request);
      case 'worth':
        return this.#worth(working);
      case 'answer':
        return this.#document(request.question, request.format, working);
    }
  }

  async #trialOf(policy: Policy): Promise<Trial> {
    const held = this.#open();
    const { creators, revenue, books } = held;
    this.#trial ??= trials(
      { creators, revenue: revenueByPeriod(revenue, policy, MAX_QUESTION.periods), ...books },
      await held.readEvents(undefined, { turns: { take: async () => undefined }, tell: () => undefined }),
      'later',
    );
    return this.#trial;
  }

  async #try(policyA: Policy, policyB: Policy): Promise<PolicyView> {
    const trial = await this.#trialOf(policyA);
    const [hashA, hashB] = [policyHash(policyA), policyHash(policyB)];
    const known = this.#tried?.a.policyHash === hashA ? this.#tried.a : undefined;
    const a = known ?? trial({ policy: policyA, policyHash: hashA });
    const b = hashA === hashB ? a : trial({ policy: policyB, policyHash: hashB });
    const view = viewPolicies(a, b);
    this.#tried = { a, b };
    return view;
  }

  #rows({ query, from, count }: Extract<DeskRequest, { ask: 'rows' }>): ListedRows {
    const tried = this.#triedNow();
    const text = JSON.stringify(query);
    if (this.#listed?.tried !== tried || this.#listed.query !== text) {
      this.#listed = { tried, query: text, rows: creatorRows(tried.a, tried.b, query) };
    }
    const { rows } = this.#listed;
    return { count: rows.count, from, rows: rows.rows(from, count) };
  }

  async #worth({ turns, tell }: Working): Promise<WorthOfOne[]> {
    const { b } = this.#triedNow();
    const worth: WorthOfOne[] = [];
    for (const one of worthOfOneMore(await this.#trialOf(b.policy), b)) {
      worth.push(one);
      tell({ phase: 'creators', done: worth.length, total: null });
      await turns.take();
    }
    return worth;
  }

  async #document(asked: DeskQuestion, format: 'json' | 'csv', working: Working): Promise<Blob> {
    const held = this.#open();
    const question: Question = {
      ...asked,
      creators: held.creators,
      revenue: held.revenue,
      scenarioSeed: held.opened.seed,
    } as Question; // keys that a question does not have are not looked at
    const prepared = prepareQuestion(question, MAX_QUESTION);
    const inputs = {
      readEvents: (seed?: number) => held.readEvents(seed, working),
      books: held.books,
      onProgress: async (progress: Parameters<Working['tell']>[0]) => {
        working.tell(progress);
        await working.turns.take();
      },
    };
    const pieces: string[] = [];
    for await (const piece of (format === 'json' ? answerQuestion : answerCsv)(prepared, inputs)) {
      pieces.push(piece);
    }
    return new Blob(pieces, { type: format === 'json' ? 'application/json' : 'text/csv' });
  }

  #open(): HeldEvents {
    if (this.#held === undefined) {
      throw new DeskError('nothing-open', 'No events are open: choose some first');
    }
    return this.#held;
  }

  #triedNow(): Tried {
    if (this.#tried === undefined) {
      throw new DeskError('nothing-tried', 'No policies were tried yet');
    }
    return this.#tried;
  }
}
