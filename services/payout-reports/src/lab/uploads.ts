import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { LabLimits } from './limits.ts';

export interface Upload {
  /** SHA-256 of its bytes. */
  readonly upload: string;
  readonly bytes: number;
}

/** A slow sender holds up its own key, not the others. */
const MAX_ARRIVING = 8;

/**
 * Files of events by their contents, in a folder that is removed with the service, each for the keys that sent it.
 * Those unused for longest make room.
 */
export class Uploads {
  readonly #limits: Pick<LabLimits, 'uploadBytes' | 'uploadsBytes'>;
  // In the order of their last use.
  readonly #kept = new Map<string, { readonly bytes: number; readonly keyIds: Set<number> }>();
  readonly #inUse = new Map<string, number>();
  #folder: Promise<string> | undefined;
  /** Keys with an upload arriving. */
  readonly #arriving = new Set<number>();

  constructor(limits: Pick<LabLimits, 'uploadBytes' | 'uploadsBytes'>) {
    this.#limits = limits;
  }

  /** @throws AppError `too-large`, `bad-compression`, `overloaded` where what is in use leaves no room */
  async take(keyId: number, body: Readable, isGzip: boolean): Promise<Upload> {
    const { uploadBytes, uploadsBytes } = this.#limits;
    if (this.#arriving.has(keyId)) {
      throw new AppError('too-many-requests', 'An upload of this key is already arriving; send this one after it');
    }
    if (this.#arriving.size >= MAX_ARRIVING) {
      throw new AppError('overloaded', `${MAX_ARRIVING} uploads are already arriving; send it when one is done`);
    }
    this.#arriving.add(keyId);
    const part = join(await this.#open(), `${randomUUID()}.part`);
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      const counted = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const piece of pieces) {
          bytes += piece.length;
          if (bytes > uploadBytes) {
            throw new AppError('too-large', `An upload has at most ${uploadBytes} bytes, unpacked`);
          }
          hash.update(piece);
          yield piece;
        }
      };
      const file = createWriteStream(part);
      await (isGzip ? pipeline(body, createGunzip(), counted, file) : pipeline(body, counted, file));
      const upload = hash.digest('hex');
      while (this.#total() + bytes > uploadsBytes && !this.#kept.has(upload)) {
        await this.#dropOldest();
      }
      await rename(part, this.#path(await this.#open(), upload));
      const keyIds = this.#kept.get(upload)?.keyIds ?? new Set<number>();
      this.#kept.delete(upload);
      this.#kept.set(upload, { bytes, keyIds: keyIds.add(keyId) });
      return { upload, bytes };
    } catch (error) {
      await rm(part, { force: true });
      throw isZlibError(error)
        ? new AppError('bad-compression', `The gzip body cannot be decompressed: ${error.message}`, { cause: error })
        : error;
    } finally {
      this.#arriving.delete(keyId);
    }
  }

  /** Its file, which stays until `release`. Undefined if it is not here (or no longer), or this key has not sent it. */
  async use(keyId: number, upload: string): Promise<string | undefined> {
    const kept = this.#kept.get(upload);
    if (kept === undefined || !kept.keyIds.has(keyId)) {
      return undefined;
    }
    this.#kept.delete(upload);
    this.#kept.set(upload, kept);
    this.#inUse.set(upload, (this.#inUse.get(upload) ?? 0) + 1);
    return this.#path(await this.#open(), upload);
  }

  release(upload: string): void {
    const users = this.#inUse.get(upload) ?? 0;
    if (users > 1) {
      this.#inUse.set(upload, users - 1);
    } else {
      this.#inUse.delete(upload);
    }
  }

  async close(): Promise<void> {
    this.#kept.clear();
    if (this.#folder !== undefined) {
      await rm(await this.#folder, { recursive: true, force: true });
    }
  }

  #open(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'rewardbook-lab-'));
    return this.#folder;
  }

  #path(folder: string, upload: string): string {
    return join(folder, `${upload}.ndjson`);
  }

  #total(): number {
    let sum = 0;
    for (const { bytes } of this.#kept.values()) {
      sum += bytes;
    }
    return sum;
  }

  async #dropOldest(): Promise<void> {
    const oldest = [...this.#kept.keys()].find((upload) => !this.#inUse.has(upload));
    if (oldest === undefined) {
      throw new AppError('overloaded', 'Jobs use all the uploads that there is room for');
    }
    this.#kept.delete(oldest);
    await rm(this.#path(await this.#open(), oldest), { force: true });
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
