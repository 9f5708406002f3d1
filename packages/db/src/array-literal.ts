const NEEDS_ESCAPE = /["\\]/;

/**
 * A Postgres array literal of texts, to be sent as one parameter: `${textArray(ids)}::text[]`.
 * Several times faster than an array parameter, which the client serialises element by element; null becomes NULL.
 */
export function textArray(values: readonly (string | null)[]): string {
  let literal = '{';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0) {
      literal += ',';
    }
    if (value === null || value === undefined) {
      literal += 'NULL';
    } else if (NEEDS_ESCAPE.test(value)) {
      literal += `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    } else {
      literal += `"${value}"`;
    }
  }
  return `${literal}}`;
}

/** A Postgres array literal of numbers, bigints or booleans. */
export function plainArray(values: readonly (number | bigint | boolean)[]): string {
  return `{${values.join(',')}}`;
}
