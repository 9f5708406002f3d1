import { randomFrom } from '@rewardbook/simulate/generator/random';

/** Choices that a seed makes: the same seed draws the same. */
export class Draw {
  readonly #random: () => number;

  constructor(seed: number, stream = 0) {
    this.#random = randomFrom(seed, stream);
  }

  /** A whole number from 0 up to, without, `end`. */
  below(end: number): number {
    return this.#random() % end;
  }

  /** True once in `n` times. */
  onceIn(n: number): boolean {
    return this.below(n) === 0;
  }

  oneOf<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.below(values.length)] ?? values[0];
  }

  /** Short lists of what `one` draws. */
  many<Value>(most: number, one: () => Value): Value[] {
    return Array.from({ length: this.below(most + 1) }, one);
  }
}
