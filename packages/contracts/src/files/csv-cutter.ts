/** Why a text is not CSV, and on which line. */
export class NotCsvError extends Error {
  override readonly name = 'NotCsvError';
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.line = line;
    this.reason = reason;
  }
}

/** Longest record, in UTF-16 units. Far longer ones are a quote that is never closed. */
const MAX_RECORD_UNITS = 1_000_000;

const QUOTE = 34;
const NEWLINE = 10;
const RETURN = 13;

export interface CsvRecord {
  readonly cells: string[];
  /** The line on which it starts, from 1. */
  readonly line: number;
}

/**
 * Cuts CSV (RFC 4180; lines end with CR LF, LF or CR) into records, empty lines left out. By hand because it runs for every event of a
 * file, in browsers too: `csv-parse`, to which a test holds it, takes some ten times as long.
 */
export class CsvCutter {
  readonly #delimiter: number;
  readonly #separator: string;
  #text = '';
  #at = 0;
  #line = 1;
  #isEnd = false;
  readonly #found = { '"': -1, '\n': -1, '\r': -1 };

  /** @param separator of cells, one ASCII character */
  constructor(separator: string) {
    this.#separator = separator;
    this.#delimiter = separator.charCodeAt(0);
  }

  /** The records that are complete with this piece. @throws NotCsvError */
  push(piece: string): CsvRecord[] {
    this.#text = this.#text.slice(this.#at) + piece;
    this.#at = 0;
    this.#found['"'] = this.#found['\n'] = this.#found['\r'] = -1;
    const records: CsvRecord[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (next !== 'empty') {
        records.push(next);
      }
    }
    if (this.#text.length - this.#at > MAX_RECORD_UNITS) {
      throw this.#fault(this.#line, `a record has more than ${MAX_RECORD_UNITS} characters; is a quote not closed?`);
    }
    return records;
  }

  /** The last record, which may lack its line end. */
  end(): CsvRecord[] {
    this.#isEnd = true;
    return this.push('');
  }

  /** Undefined where the text has no further whole record. */
  #next(): CsvRecord | 'empty' | undefined {
    const text = this.#text;
    const start = this.#at;
    if (start >= text.length) {
      return undefined;
    }
    const last = Math.min(this.#find('\n'), this.#find('\r'));
    // A CR at the end may be half of a CR LF.
    const isOpen = last === text.length || (last === text.length - 1 && text.charCodeAt(last) === RETURN);
    if (isOpen && !this.#isEnd) {
      return undefined;
    }
    const line = this.#line;
    if (this.#find('"') < last) {
      return this.#quoted(start, line);
    }
    this.#at = afterLineEnd(text, last);
    this.#line += 1;
    return last === start ? 'empty' : { cells: text.slice(start, last).split(this.#separator), line };
  }

  /** Where the next one is from here, or the end of the text; looked for once, not for every record. */
  #find(character: '"' | '\n' | '\r'): number {
    const known = this.#found[character];
    if (known >= this.#at) {
      return known;
    }
    const found = this.#text.indexOf(character, this.#at);
    this.#found[character] = found < 0 ? this.#text.length : found;
    return this.#found[character];
  }

  /** A record with quotes, character by character. */
  #quoted(start: number, line: number): CsvRecord | undefined {
    const text = this.#text;
    const cells: string[] = [];
    let lines = 0;
    let at = start;
    for (;;) {
      let cell: string;
      if (text.charCodeAt(at) === QUOTE) {
        const close = this.#closingQuote(at + 1);
        if (close === undefined) {
          if (this.#isEnd) {
            throw this.#fault(line, 'a quote is not closed');
          }
          return undefined;
        }
        const inside = text.slice(at + 1, close);
        lines += countLineEnds(inside);
        cell = inside.includes('""') ? inside.replaceAll('""', '"') : inside;
        at = close + 1;
      } else {
        const from = at;
        while (at < text.length && !this.#endsCell(text.charCodeAt(at))) {
          if (text.charCodeAt(at) === QUOTE) {
            throw this.#fault(line + lines, 'there is a quote within a cell that does not begin with one');
          }
          at += 1;
        }
        cell = text.slice(from, at);
      }
      // What follows a CR decides whether the line ends here.
      if (
        at >= text.length - 1 &&
        !this.#isEnd &&
        text.charCodeAt(at) !== NEWLINE &&
        text.charCodeAt(at) !== this.#delimiter
      ) {
        return undefined;
      }
      cells.push(cell);
      const next = at < text.length ? text.charCodeAt(at) : NEWLINE;
      if (next === this.#delimiter) {
        at += 1;
        continue;
      }
      if (!this.#endsCell(next)) {
        throw this.#fault(line + lines, 'after a closing quote there is something else than the end of the cell');
      }
      this.#at = afterLineEnd(text, at);
      this.#line += lines + 1;
      return { cells, line };
    }
  }

  /** Where the quote is that closes the cell which begins here; undefined where it is still to come. */
  #closingQuote(from: number): number | undefined {
    const text = this.#text;
    for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
      if (text.charCodeAt(at + 1) === QUOTE) {
        continue;
      }
      return at === text.length - 1 && !this.#isEnd ? undefined : at;
    }
    return undefined;
  }

  #endsCell(unit: number): boolean {
    return unit === this.#delimiter || unit === NEWLINE || unit === RETURN;
  }

  #fault(line: number, reason: string): NotCsvError {
    return new NotCsvError(line, reason);
  }
}

function afterLineEnd(text: string, at: number): number {
  return text.charCodeAt(at) === RETURN && text.charCodeAt(at + 1) === NEWLINE ? at + 2 : at + 1;
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
