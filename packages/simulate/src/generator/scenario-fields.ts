/** A scenario file that cannot be used; the message names the key. */
export class ScenarioError extends Error {
  readonly code = 'bad-scenario';
}

/** The keys of one object of a scenario file, taken one by one; each reader throws ScenarioError that names the key. */
export class ScenarioFields {
  readonly #values: Map<string, unknown>;
  readonly #prefix: string;

  /** @param prefix of the keys in messages, as `bursts[0].` */
  constructor(value: unknown, prefix = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ScenarioError(`${prefix === '' ? 'scenario' : prefix.slice(0, -1)}: write one key a line`);
    }
    this.#values = new Map(Object.entries(value));
    this.#prefix = prefix;
  }

  /** @param otherwise the value where the key is not there; without it the key is needed */
  whole(key: string, least: number, most: number, otherwise?: number): number {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
      return value;
    }
    throw new ScenarioError(`${this.#prefix}${key}: a whole number from ${least} to ${most} is needed`);
  }

  between(key: string, least: number, most: number, otherwise?: number): number {
    return this.#number(key, this.#take(key) ?? otherwise, least, most);
  }

  text(key: string): string {
    const value = this.optionalText(key);
    if (value !== undefined) {
      return value;
    }
    throw new ScenarioError(`${this.#prefix}${key}: text in quotes is needed`);
  }

  optionalText(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || (typeof value === 'string' && value !== '')) {
      return value;
    }
    throw new ScenarioError(`${this.#prefix}${key}: text in quotes is needed`);
  }

  oneOf<Choice extends string>(key: string, choices: readonly Choice[], otherwise?: Choice): Choice {
    const value = this.#take(key) ?? otherwise;
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) {
      return choice;
    }
    throw new ScenarioError(`${this.#prefix}${key}: one of ${choices.join(', ')} is needed`);
  }

  numbers(key: string, length: number): number[] {
    const value = this.#take(key);
    if (Array.isArray(value) && value.length === length) {
      return value.map((item: unknown) => this.#number(key, item, 0, 1_000_000));
    }
    throw new ScenarioError(`${this.#prefix}${key}: a list of ${length} numbers is needed`);
  }

  /** A range of ranks, `[first, last]`, or undefined where the key is not there. */
  range(key: string): readonly [number, number] | undefined {
    const value = this.#take(key);
    if (value === undefined) {
      return undefined;
    }
    const [first, last]: unknown[] = Array.isArray(value) ? value : [];
    const isRank = (rank: unknown): rank is number => typeof rank === 'number' && Number.isInteger(rank) && rank > 0;
    if (isRank(first) && isRank(last) && first <= last) {
      return [first, last];
    }
    throw new ScenarioError(`${this.#prefix}${key}: [first, last] is needed, ranks from 1`);
  }

  /** Points `[[x, y], …]`, both rising, y up to 1; undefined where the key is not there. */
  curve(key: string): readonly (readonly [number, number])[] | undefined {
    const value = this.#take(key);
    if (value === undefined) {
      return undefined;
    }
    const knots: (readonly [number, number])[] = [];
    for (const point of Array.isArray(value) ? value : [undefined]) {
      const [x, y]: unknown[] = Array.isArray(point) ? point : [];
      const [beforeX, beforeY] = knots.at(-1) ?? [0, 0];
      if (typeof x !== 'number' || typeof y !== 'number' || !(x > beforeX && y >= beforeY && y <= 1)) {
        throw new ScenarioError(`${this.#prefix}${key}: points [[hours, fraction], …] that rise to 1 are needed`);
      }
      knots.push([x, y]);
    }
    if (knots.at(-1)?.[1] !== 1) {
      throw new ScenarioError(`${this.#prefix}${key}: the last fraction is 1`);
    }
    return knots;
  }

  /** The objects of a list; empty where the key is not there. */
  objects<Value>(key: string, read: (fields: ScenarioFields) => Value): Value[] {
    const value = this.#take(key) ?? [];
    if (!Array.isArray(value)) {
      throw new ScenarioError(`${this.#prefix}${key}: a list is needed`);
    }
    return value.map((item: unknown, index) => {
      const fields = new ScenarioFields(item, `${this.#prefix}${key}[${index}].`);
      const result = read(fields);
      fields.end();
      return result;
    });
  }

  /** Refuses keys that were not taken. */
  end(): void {
    for (const key of this.#values.keys()) {
      throw new ScenarioError(`${this.#prefix}${key}: not a key of a scenario`);
    }
  }

  #take(key: string): unknown {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  #number(key: string, value: unknown, least: number, most: number): number {
    if (typeof value === 'number' && value >= least && value <= most) {
      return value;
    }
    throw new ScenarioError(`${this.#prefix}${key}: a number from ${least} to ${most} is needed`);
  }
}
