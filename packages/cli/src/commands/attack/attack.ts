import { MAX_QUESTION, QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import { attackCsv, searchCsv } from '@rewardbook/lab/answer/answer-csv';
import { answerJson } from '@rewardbook/lab/answer/answer-json';
import { searchManipulations } from '@rewardbook/lab/answer/search-manipulations';
import { tryAttack } from '@rewardbook/lab/answer/try-attack';
import { prepareAttack, prepareSearch } from '@rewardbook/lab/prepare/prepare';
import type { NamedPolicy } from '@rewardbook/lab/question/question';
import { MANIPULATIONS } from '@rewardbook/simulate/attack/search';
import { printPieces } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { asInputErrors, labInputs, policyOfPack, showSteps } from '../../simulation/lab-inputs.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { type Progress, startProgress } from '../../terminal/progress.ts';
import { describeAttack } from './attack-text.ts';
import type { AttackOptions } from './command.ts';
import { describeSearch } from './search-text.ts';

/** Tries an adversary on policies, or searches for manipulations that pay, and prints what was found. */
export async function attackPolicies(options: AttackOptions, io: Io): Promise<void> {
  if (options.search) {
    return search(options, io);
  }
  const { kind } = options;
  if (kind === undefined) {
    throw inputError('Give --kind, or --search');
  }
  const policies = await namedPolicies(options, io);
  const [first] = policies;
  if (first === undefined) {
    throw inputError('Give --policy');
  }
  await asInputErrors(async () => {
    const { readEvents, creators, revenue } = await labInputs(options, first.policy, io);
    const { size, accounts, hours, cost, accountCost, creator: creatorIds, rule: rules = [] } = options;
    const adversary = { kind, creatorIds, size, accounts, hours, cost, accountCost, rules };
    const prepared = prepareAttack({ question: 'attack', policies, creators, revenue, ...adversary }, MAX_QUESTION);
    const answer = await withProgress(startProgress(io.stderr, 'attack', prepared.cases.length), (progress) =>
      tryAttack(prepared, { readEvents, onProgress: showSteps(progress, io) }),
    );
    await print(options, io, {
      json: () => answerJson(answer),
      csv: () => attackCsv(answer.results),
      table: () => describeAttack(answer.kind, answer.creatorIds, answer.currency, answer.results),
    });
  });
}

async function search(options: AttackOptions, io: Io): Promise<void> {
  const given = options.policy === undefined ? [] : await namedPolicies(options, io);
  const { trials, seed = QUESTION_DEFAULTS.searchSeed } = options;
  await asInputErrors(async () => {
    const prepared = prepareSearch({ question: 'search', policies: given, trials, seed });
    const searches = prepared.policies.length * MANIPULATIONS.length;
    const answer = await withProgress(startProgress(io.stderr, 'search', searches), (progress) =>
      searchManipulations(prepared, showSteps(progress, io)),
    );
    await print(options, io, {
      json: () => answerJson(answer),
      csv: () => searchCsv(answer.found),
      table: () => describeSearch(answer.found),
    });
  });
}

async function withProgress<Answer>(progress: Progress, work: (progress: Progress) => Promise<Answer>) {
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

/** A policy is named as its file was written, or for its pack: files of several packs are all called policy.yaml. */
async function namedPolicies(options: AttackOptions, io: Io): Promise<NamedPolicy[]> {
  const { policy: files, scenario = '' } = options;
  if (files === undefined) {
    return [{ name: scenario, policy: await policyOfPack(options) }];
  }
  const policies: NamedPolicy[] = [];
  for (const file of files) {
    policies.push({ name: file, policy: await readPolicy(file, io) });
  }
  return policies;
}

interface Forms {
  readonly json: () => Iterable<string>;
  readonly csv: () => string;
  readonly table: () => string;
}

async function print({ json, format }: AttackOptions, io: Io, forms: Forms): Promise<void> {
  if (json || format === 'json') {
    return printPieces(io, forms.json());
  }
  await write(io.stdout, format === 'csv' ? forms.csv() : forms.table());
}
