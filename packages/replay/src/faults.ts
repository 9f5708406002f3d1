import { seededRandom } from './random.ts';

/** What may be done to a request on purpose. */
export const FAULTS = ['abort', 'slow', 'truncate', 'duplicate', 'garbage'] as const;

export type Fault = (typeof FAULTS)[number];

/** Which requests have a fault. Drawn for a request by its place, so that a run can be repeated. */
export interface FaultPlan {
  readonly seed: string;
  readonly kinds: readonly Fault[];
  /** Chance of a request to have one, from 0 to 1. */
  readonly chance: number;
}

/** A fault with the generator for everything else that is to be drawn about it. */
export interface DrawnFault {
  readonly kind: Fault;
  readonly random: (bound: number) => number;
}

const CHANCES = 1_000_000;

/** The fault of a request, if it has one. */
export function faultOf({ seed, kinds, chance }: FaultPlan, index: number): DrawnFault | undefined {
  const random = seededRandom(`${seed} fault ${index}`);
  if (random(CHANCES) >= chance * CHANCES) {
    return undefined;
  }
  const kind = kinds[random(kinds.length)];
  return kind === undefined ? undefined : { kind, random };
}
