/** Texts by their places in bytes, as UTF-8. */
export interface TextColumn {
  readonly from: Int32Array;
  readonly end: Int32Array;
  /** By `hashOf`. */
  readonly hash: Int32Array;
}

/** A part of a column, half-open. */
export interface Range {
  readonly from: number;
  readonly end: number;
}

/** Events that lie in bytes, a column for each part of them. */
export interface EventColumns {
  readonly bytes: DataView;
  readonly ids: TextColumn;
  /** They end at 0 if no source is given. */
  readonly sources: TextColumn;
  readonly viewers: TextColumn;
  readonly creators: TextColumn;
  /** Empty for follow and unfollow. */
  readonly contents: TextColumn;
  /** 1 for an event that gives, 0 for one that takes back. */
  readonly gives: Int32Array;
  /** The line that an event is in. */
  readonly lines: Int32Array;
  /** Epoch milliseconds. */
  readonly occurredAt: Float64Array;
}

const INTEGER_COLUMNS = 17;
/** What an event takes in columns. */
export const EVENT_BYTES = INTEGER_COLUMNS * Int32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT;

/**
 * Columns in memory that the caller provides, for example shared by threads.
 *
 * @param offset where they begin, a multiple of 8
 * @param room how many events the memory from there on is for, `EVENT_BYTES` each; a multiple of 2
 * @param count how many events the columns have
 */
export function eventColumns(
  bytes: DataView,
  memory: SharedArrayBuffer | ArrayBuffer,
  { offset, room, count }: { readonly offset: number; readonly room: number; readonly count: number },
): EventColumns {
  let at = offset;
  const column = (): Int32Array => {
    const integers = new Int32Array(memory, at, count);
    at += room * Int32Array.BYTES_PER_ELEMENT;
    return integers;
  };
  const texts = (): TextColumn => ({ from: column(), end: column(), hash: column() });
  const occurredAt = new Float64Array(memory, at, count);
  at += room * Float64Array.BYTES_PER_ELEMENT;
  return {
    bytes,
    ids: texts(),
    sources: texts(),
    viewers: texts(),
    creators: texts(),
    contents: texts(),
    gives: column(),
    lines: column(),
    occurredAt,
  };
}
