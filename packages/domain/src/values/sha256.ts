import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

// Texts are gathered to pieces of about this many UTF-16 units: encoding and hashing a few bytes at a time is slow.
const PIECE_LENGTH = 1 << 16;

/** SHA-256 of a text that comes in parts; the parts are never joined, so it may be of any length. */
export class TextHash {
  readonly #hash = sha256.create();
  readonly #encoder = new TextEncoder();
  #pending = '';

  /** Adds a well-formed text (no surrogate pair may be split between two calls). */
  update(text: string): this {
    this.#pending += text;
    if (this.#pending.length >= PIECE_LENGTH) {
      this.#flush();
    }
    return this;
  }

  /** The hash in hex, after which nothing can be added. */
  digest(): string {
    this.#flush();
    return bytesToHex(this.#hash.digest());
  }

  #flush(): void {
    this.#hash.update(this.#encoder.encode(this.#pending));
    this.#pending = '';
  }
}

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)));
}
