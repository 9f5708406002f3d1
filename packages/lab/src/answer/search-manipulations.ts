import { MANIPULATIONS, type ManipulationFound, searchManipulation } from '@rewardbook/simulate/attack/search';
import type { PreparedSearch } from '../prepare/prepare.ts';
import type { OnProgress } from './answer-inputs.ts';

/** What a search found under one policy. */
export interface FoundUnderPolicy extends ManipulationFound {
  readonly policy: string;
}

export interface SearchAnswer {
  readonly trials: number;
  readonly seed: number;
  /** Each policy with each manipulation. */
  readonly found: readonly FoundUnderPolicy[];
}

/** Looks for worlds in which a manipulation pays. It needs no events. */
export async function searchManipulations(
  { policies, trials, seed }: PreparedSearch,
  onProgress: OnProgress,
): Promise<SearchAnswer> {
  const found: FoundUnderPolicy[] = [];
  for (const { name, policy } of policies) {
    for (const manipulation of MANIPULATIONS) {
      found.push({ policy: name, ...searchManipulation(policy, manipulation, trials, seed) });
      await onProgress({ phase: 'searches', done: found.length, total: policies.length * MANIPULATIONS.length });
    }
  }
  return { trials, seed, found };
}
