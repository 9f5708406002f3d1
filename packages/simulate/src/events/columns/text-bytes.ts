const encoder = new TextEncoder();
const FIRST_BYTES = 1024;
const MAX_BYTES_PER_UNIT = 3;

/** Texts as UTF-8 in one buffer that is used again and again. */
export class TextBytes {
  bytes = new Uint8Array(FIRST_BYTES);
  view = new DataView(this.bytes.buffer);
  end = 0;

  clear(): void {
    this.end = 0;
  }

  /** Writes a well-formed text after the last one; gives where it begins. It ends at `end`. */
  write(text: string): number {
    const from = this.end;
    if (from + MAX_BYTES_PER_UNIT * text.length > this.bytes.length) {
      this.#grow(MAX_BYTES_PER_UNIT * text.length);
    }
    const { bytes } = this;
    for (let unit = 0; unit < text.length; unit += 1) {
      const code = text.charCodeAt(unit);
      if (code > 127) {
        this.end = from + encoder.encodeInto(text, bytes.subarray(from)).written;
        return from;
      }
      bytes[from + unit] = code;
    }
    this.end = from + text.length;
    return from;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(2 * (this.bytes.length + needed));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
