/** The engagement that an event is about. */
export interface GeneratedEngagement {
  readonly viewerId: string;
  readonly creatorId: string;
  readonly contentId: string;
}

/** Likes and follows that will be taken back, by hour. */
export class TakeBacks {
  readonly #byHour: (GeneratedEngagement[] | undefined)[];

  constructor(hours: number) {
    this.#byHour = new Array<undefined>(hours).fill(undefined);
  }

  /**
   * Plans one for a later hour: as many hours later as the random bits have leading zeros, doubled up to two days, so half in the next
   * hour or two and a few much later. After the last hour it never happens.
   */
  plan(hour: number, bits: number, engagement: GeneratedEngagement): void {
    const doublings = Math.min(5, Math.clz32(bits));
    const later = hour + 1 + (bits % 2 ** (doublings + 1));
    if (later < this.#byHour.length) {
      const planned = this.#byHour[later];
      if (planned) {
        planned.push(engagement);
      } else {
        this.#byHour[later] = [engagement];
      }
    }
  }

  /** How many are due in this hour. */
  due(hour: number): number {
    return this.#byHour[hour]?.length ?? 0;
  }

  take(hour: number): GeneratedEngagement {
    const engagement = this.#byHour[hour]?.pop();
    if (!engagement) {
      throw new Error(`No take-back is due in hour ${hour}`);
    }
    return engagement;
  }

  /** Moves what an hour had no room for to the next one. */
  carryOver(hour: number): void {
    const rest = this.#byHour[hour];
    this.#byHour[hour] = undefined;
    if (rest && rest.length > 0 && hour + 1 < this.#byHour.length) {
      this.#byHour[hour + 1] = [...rest, ...(this.#byHour[hour + 1] ?? [])];
    }
  }
}
