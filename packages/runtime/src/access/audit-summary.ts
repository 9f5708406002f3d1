const MAX_TEXT_LENGTH = 200;
const MAX_ITEMS = 20;
const MAX_SUMMARY_LENGTH = 4000;

/**
 * Fields of a body that may be shown: what names a thing, a decision or its reason. Whatever is not here stays out; bank accounts,
 * payees, viewers and the like are recognised by the body's hash only.
 */
const SHOWN: ReadonlySet<string> = new Set(
  [
    'action amount corrects country creatorId currency decision difference entryKey expiresAt from hash kind name note',
    'payoutId period periods programs reason reference resolution reverses run runHash runId scopes sha256 state status to type version',
  ].flatMap((line) => line.split(' ')),
);

export interface Summarised {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** JSON of what of a request may be shown, at most 4,000 characters; control characters come escaped. */
export function auditSummary({ params, query, body }: Summarised): string {
  const parts = {
    params: shownOf(params, () => true),
    query: shownOf(query, () => true),
    body: shownOf(body, (name) => SHOWN.has(name)),
  };
  const filled = Object.entries(parts).filter(([, part]) => part !== undefined);
  const text = JSON.stringify(Object.fromEntries(filled));
  return text.length <= MAX_SUMMARY_LENGTH ? text : JSON.stringify({ omitted: 'too long to be shown' });
}

function shownOf(value: unknown, mayShow: (name: string) => boolean): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || !isPlain(value)) {
    return undefined;
  }
  const shown: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const plain = mayShow(name) ? plainOf(member) : undefined;
    if (plain !== undefined) {
      shown.push([name, plain]);
    }
  }
  return shown.length === 0 ? undefined : Object.fromEntries(shown);
}

/** Not a list, nor a buffer, which has an entry for each of its bytes. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length <= MAX_TEXT_LENGTH ? value : `${value.slice(0, MAX_TEXT_LENGTH)}…`;
  }
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return value;
  }
  if (!Array.isArray(value) || value.length > MAX_ITEMS) {
    return undefined;
  }
  return value.every((item) => typeof item === 'string') ? value.map(plainOf) : undefined;
}
