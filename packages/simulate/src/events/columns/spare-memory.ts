export const CHUNK_BITS = 17;
/** Bytes of a chunk of columns. */
export const CHUNK_BYTES = 1 << CHUNK_BITS;

/** Chunks that were read and are to be written again: what comes takes the place of what goes, without waiting for the collector. */
export class SpareMemory {
  readonly #chunks: ArrayBuffer[] = [];

  put(chunk: ArrayBuffer): void {
    this.#chunks.push(chunk);
  }

  /** CHUNK_BYTES of any content. */
  take(): ArrayBuffer {
    return this.#chunks.pop() ?? new ArrayBuffer(CHUNK_BYTES);
  }
}
