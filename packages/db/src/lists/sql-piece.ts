import type { Sql } from '../client.ts';

/** What a parameter of a query may be. */
export type SqlValue = string | number | boolean | null;

/** A piece of SQL: texts with a value between each two. Values never become a part of the text. */
export interface SqlPiece {
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
}

/** SQL from a template, whose parts are values or other pieces. */
export function piece(strings: TemplateStringsArray, ...parts: readonly (SqlValue | SqlPiece)[]): SqlPiece {
  const texts = [strings[0] ?? ''];
  const values: SqlValue[] = [];
  const append = (text: string): void => {
    texts.push(`${texts.pop() ?? ''}${text}`);
  };
  for (const [index, part] of parts.entries()) {
    const after = strings[index + 1] ?? '';
    if (typeof part === 'object' && part !== null) {
      append(part.texts[0] ?? '');
      for (const [at, value] of part.values.entries()) {
        values.push(value);
        texts.push(part.texts[at + 1] ?? '');
      }
      append(after);
    } else {
      values.push(part);
      texts.push(after);
    }
  }
  return { texts, values };
}

/** A text of this code as a piece: never one that came from outside. */
export function fixed(text: string): SqlPiece {
  return { texts: [text], values: [] };
}

/** All of these conditions. */
export function allOf(conditions: readonly SqlPiece[]): SqlPiece {
  return conditions.reduce((all, one) => piece`${all} AND ${one}`, piece`true`);
}

/** As a text with `$1`, `$2`, … and their values. */
export function toQuery({ texts, values }: SqlPiece): { readonly text: string; readonly values: SqlValue[] } {
  const text = texts.reduce((all, one, index) => `${all}$${index}${one}`);
  return { text, values: [...values] };
}

/**
 * Runs a query that is put together from pieces. It is planned with its values: a list that is searched by a prefix or from a place on
 * is read by an index, which a plan for any value would not.
 */
export function runPiece<Row extends object>(sql: Sql, query: SqlPiece): Promise<Row[]> {
  const { text, values } = toQuery(query);
  return sql.unsafe<Row[]>(text, values);
}
