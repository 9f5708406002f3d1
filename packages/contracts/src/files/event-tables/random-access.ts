/** A file whose bytes can be read from anywhere. */
export interface RandomAccess {
  readonly byteLength: number;
  /** The bytes from `start` to before `end`, or to the end of the file. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Bytes that are in memory. */
export function memoryAccess(bytes: Uint8Array<ArrayBuffer>): RandomAccess {
  return {
    byteLength: bytes.length,
    slice: async (start, end) => bytes.slice(start, end).buffer,
  };
}
