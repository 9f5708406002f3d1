import { type Screening, screen } from '@rewardbook/simulate/screen/screen';
import type { PreparedScreening } from '../prepare/prepare.ts';
import type { AnswerInputs } from './answer-inputs.ts';

export interface ScreenAnswer {
  /** The first of them, as many as were asked for. */
  readonly listed: Screening;
  /** How many creators there are in all. */
  readonly found: number;
}

/** Throws DomainError as `screen`. */
export async function screenCreators(
  { policy, creators, options, top }: PreparedScreening,
  { readEvents, books }: AnswerInputs,
): Promise<ScreenAnswer> {
  const all = screen(policy, creators, await readEvents(), options, books?.closed);
  return { listed: { ...all, creators: all.creators.slice(0, top) }, found: all.creators.length };
}
