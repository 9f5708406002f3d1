/** An event that was refused, with as much of it as is kept for inspection. */
export interface RefusedEvent {
  /** Its position among the events of its request, from 0. */
  readonly index: number;
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
  readonly body: string;
}

/** Longest body that is kept of a refused event, in UTF-16 code units. */
export const MAX_KEPT_BODY = 4_096;

/** Any text, made fit for a Postgres text column: cut, NUL and lone surrogates replaced by U+FFFD. */
export function storable(text: string): string {
  const cut = text.length > MAX_KEPT_BODY ? text.slice(0, MAX_KEPT_BODY) : text;
  // A round trip through UTF-8 replaces lone surrogates.
  return Buffer.from(cut.replaceAll('\u0000', '\ufffd'), 'utf8').toString('utf8');
}

/** As much of a JSON value as is kept; nothing of one that is nested deeper than JSON.stringify can go. JSON.parse goes deeper. */
export function shownBody(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, MAX_KEPT_BODY);
  } catch (error) {
    if (error instanceof RangeError) {
      return '';
    }
    throw error;
  }
}
