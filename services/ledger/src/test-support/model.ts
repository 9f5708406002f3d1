// The rules of creators' money a second time: plain, slow, one entry after the other, with no look at how SQL does it. Minor units.

/** A posting on a creator's payable or held account, or on any other; debit positive. */
export interface ModelLine {
  readonly creatorId: string;
  readonly account: string;
  readonly amount: bigint;
}

export interface ModelEntry {
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly reverses: string | null;
  readonly details: Readonly<Record<string, string>>;
  readonly lines: readonly ModelLine[];
}

/** What a close's policy says of holdbacks. `share` in millionths. */
export interface ModelClose {
  readonly period: string;
  readonly share: bigint;
  readonly periods: number;
}

/** A payout that a run says is due. */
export interface ModelPayout {
  readonly payoutId: string;
  readonly creatorId: string;
  readonly country: string;
  readonly gross: bigint;
  readonly withheld: bigint;
}

/** `rates` in millionths by country. */
export interface ModelRun {
  readonly runId: string;
  readonly draftedSeq: number;
  readonly minimum: bigint;
  readonly roundTo: bigint;
  readonly rates: Readonly<Record<string, bigint>>;
  readonly payouts: readonly ModelPayout[];
}

interface Holdback {
  readonly due: number;
  kept: bigint;
}

/** What the model has of a creator. */
export interface ModelCreator {
  payable: bigint;
  /** Came back net of a tax that was remitted, and was not paid since. */
  taxed: bigint;
  /** Oldest first. */
  readonly holdbacks: Holdback[];
  /** Payable and taxed after each entry that changed them. */
  readonly past: { seq: number; payable: bigint; taxed: bigint }[];
}

const MILLION = 1_000_000n;
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const above = (a: bigint): bigint => (a > 0n ? a : 0n);

export class Model {
  readonly creators = new Map<string, ModelCreator>();
  readonly #paid = new Map<string, ModelPayout & { runId: string; taxed: bigint }>();
  /** By run and country: what is withheld and not given back; and by which remittance it was covered. */
  readonly #tax = new Map<string, { runId: string; country: string; amount: bigint; remittedBy: string | undefined }>();
  readonly #taken = new Map<string, { holdback: Holdback; amount: bigint }[]>();
  #closes = 0;
  #lastClose = 0;
  /** Entries that have to follow the last close, before anything else touches a creator. */
  #pending: { key: string; lines: ModelLine[] }[] = [];

  creator(creatorId: string): ModelCreator {
    const known = this.creators.get(creatorId) ?? { payable: 0n, taxed: 0n, holdbacks: [], past: [] };
    this.creators.set(creatorId, known);
    return known;
  }

  /** Whether the holdback or release of the last close is still to be posted. */
  get isPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Takes the next entry, and says what of it is not by the rules. */
  take(entry: ModelEntry, close: ModelClose | undefined, run: ModelRun | undefined): string | undefined {
    const fault = this.#faultOf(entry, run);
    for (const { creatorId, account, amount } of entry.lines) {
      if (account.endsWith(':payable')) {
        this.creator(creatorId).payable -= amount;
      }
    }
    if (close !== undefined) {
      this.#afterClose(entry, close);
    }
    for (const { creatorId } of entry.lines) {
      const { payable, taxed, past } = this.creator(creatorId);
      past.push({ seq: entry.seq, payable, taxed });
    }
    return fault;
  }

  #faultOf(entry: ModelEntry, run: ModelRun | undefined): string | undefined {
    const { kind, details } = entry;
    if (kind === 'revenue') {
      return undefined;
    }
    const next = this.#pending.shift();
    if (next !== undefined || kind === 'holdback' || kind === 'release') {
      return next?.key === entry.key ? differ(entry.lines, next.lines) : `${next?.key ?? 'nothing'} was pending`;
    }
    if (kind === 'payout') {
      return run === undefined ? 'no run has it' : this.#pay(entry, run);
    }
    if (kind === 'payout-return') {
      return this.#giveBack(entry);
    }
    if (kind === 'tax-remittance') {
      return this.#remit(entry);
    }
    if (kind === 'reversal') {
      return this.#undo(entry);
    }
    const { payable, holdbacks } = this.creator(details.creator ?? '');
    const held = sumOf(holdbacks.map(({ kept }) => kept));
    const amount = -sumOf(entry.lines.filter(({ account }) => account.startsWith('platform:')).map((l) => l.amount));
    if (kind === 'clawback') {
      return this.#claw(entry, amount);
    }
    if (kind === 'write-off' && -amount > -(payable + held)) {
      return `${-amount} of ${-(payable + held)} is written off`;
    }
    return kind === 'unclaimed' && amount > payable ? `${amount} of ${payable} is unclaimed` : undefined;
  }

  /** Payable first, then held, the newest holdback first; the rest out of payable. */
  #claw({ key, details, lines }: ModelEntry, amount: bigint): string | undefined {
    const creatorId = details.creator ?? '';
    const { payable, holdbacks } = this.creator(creatorId);
    let left = amount - smaller(amount, above(payable));
    const taken: { holdback: Holdback; amount: bigint }[] = [];
    for (const holdback of holdbacks.toReversed()) {
      const part = smaller(left, holdback.kept);
      holdback.kept -= part;
      left -= part;
      taken.push({ holdback, amount: part });
    }
    this.#taken.set(key, taken);
    const fromHeld = sumOf(taken.map((one) => one.amount));
    const moved = (end: string) =>
      sumOf(lines.filter(({ account }) => account.endsWith(end)).map((line) => line.amount));
    return moved(':held') === fromHeld && moved(':payable') === amount - fromHeld
      ? undefined
      : `${fromHeld} of ${amount} should come out of held`;
  }

  #undo({ reverses }: ModelEntry): undefined {
    for (const { holdback, amount } of this.#taken.get(reverses ?? '') ?? []) {
      holdback.kept += amount;
    }
    for (const tax of this.#tax.values()) {
      if (tax.remittedBy === reverses) {
        tax.remittedBy = undefined;
      }
    }
  }

  /** What is held back and released after a close: no more than is payable; all that is due and kept. */
  #afterClose({ seq, lines }: ModelEntry, { period, share, periods }: ModelClose): void {
    this.#closes += 1;
    this.#lastClose = seq;
    const held: ModelLine[] = [];
    for (const { creatorId, account, amount } of lines) {
      if (!account.endsWith(':payable')) {
        continue;
      }
      const { payable, holdbacks } = this.creator(creatorId);
      const kept = smaller((-amount * share) / MILLION, payable);
      if (kept <= 0n) {
        continue;
      }
      holdbacks.push({ due: this.#closes + periods, kept });
      held.push(...move(creatorId, 'payable', 'held', kept));
    }
    const released = [...this.creators].flatMap(([creatorId, { holdbacks }]) => {
      const due = holdbacks.filter((holdback) => holdback.due <= this.#closes);
      const amount = sumOf(due.map(({ kept }) => kept));
      for (const holdback of due) {
        holdback.kept = 0n;
      }
      return amount > 0n ? move(creatorId, 'held', 'payable', amount) : [];
    });
    this.#pending = [
      { key: `holdback:${period}`, lines: held },
      { key: `release:${period}`, lines: released },
    ].filter((entry) => entry.lines.length > 0);
  }

  #pay({ lines }: ModelEntry, run: ModelRun): string | undefined {
    if (this.#lastClose > run.draftedSeq) {
      return 'a period was closed since the draft';
    }
    const paid = run.payouts.map(({ creatorId, gross }) => ({ creatorId, amount: gross }));
    if (sumOf(paid.map(({ amount }) => amount)) !== sumOf(lines.filter((l) => l.amount > 0n).map((l) => l.amount))) {
      return 'it pays another sum than its run';
    }
    for (const payout of run.payouts) {
      const creator = this.creator(payout.creatorId);
      const then = creator.past.findLast(({ seq }) => seq <= run.draftedSeq) ?? { payable: 0n, taxed: 0n };
      const gross = then.payable < run.minimum ? 0n : above(then.payable - (then.payable % run.roundTo));
      const taxed = smaller(gross, then.taxed);
      const withheld = halfEven((gross - taxed) * (run.rates[payout.country] ?? 0n));
      if (payout.gross !== gross || payout.withheld !== withheld || gross > creator.payable) {
        return `${payout.payoutId} should pay ${gross} of ${creator.payable}, and withhold ${withheld} beyond ${taxed}`;
      }
      creator.taxed -= taxed;
      this.#paid.set(payout.payoutId, { ...payout, runId: run.runId, taxed });
      this.#taxOf(run.runId, payout.country).amount += withheld;
    }
    return undefined;
  }

  #giveBack({ details, lines }: ModelEntry): string | undefined {
    const payout = this.#paid.get(details.payout ?? '');
    if (payout === undefined) {
      return `${details.payout} was not paid`;
    }
    const tax = this.#taxOf(payout.runId, payout.country);
    const isTaxed = payout.withheld > 0n && tax.remittedBy !== undefined;
    const taxBack = isTaxed ? 0n : payout.withheld;
    const back = payout.gross - payout.withheld + taxBack;
    tax.amount -= taxBack;
    this.creator(payout.creatorId).taxed += isTaxed ? back : payout.taxed;
    const posted = -sumOf(lines.filter(({ account }) => account.endsWith(':payable')).map((line) => line.amount));
    return posted === back ? undefined : `${back} should come back`;
  }

  #remit({ key, details, lines }: ModelEntry): string | undefined {
    const covered = [...this.#tax.values()].filter(
      ({ runId, country, amount, remittedBy }) =>
        remittedBy === undefined && amount !== 0n && country === details.country && runId === (details.run ?? runId),
    );
    for (const tax of covered) {
      tax.remittedBy = key;
    }
    const amount = sumOf(covered.map((tax) => tax.amount));
    return lines[0]?.amount === amount ? undefined : `${amount} should be remitted`;
  }

  #taxOf(runId: string, country: string) {
    const key = `${runId} ${country}`;
    const known = this.#tax.get(key) ?? { runId, country, amount: 0n, remittedBy: undefined };
    this.#tax.set(key, known);
    return known;
  }
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

function move(creatorId: string, from: string, to: string, amount: bigint): ModelLine[] {
  return [
    { creatorId, account: from, amount },
    { creatorId, account: to, amount: -amount },
  ];
}

/** What differs, by creator and account; the order is the journal's matter. */
function differ(found: readonly ModelLine[], expected: readonly ModelLine[]): string | undefined {
  const text = (lines: readonly ModelLine[]): string =>
    lines
      .map(({ creatorId, account, amount }) => `${creatorId} ${account.split(':').at(-1)} ${amount}`)
      .sort()
      .join(', ');
  return text(found) === text(expected) ? undefined : `it should be ${text(expected)}`;
}

/** Millionths to whole units, halves to the even one. */
function halfEven(millionths: bigint): bigint {
  const twice = 2n * (millionths % MILLION);
  const floor = millionths / MILLION;
  return floor + (twice > MILLION || (twice === MILLION && floor % 2n === 1n) ? 1n : 0n);
}
