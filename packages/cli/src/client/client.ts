import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import { encodePathPart } from '@rewardbook/contracts/values/path-part';
import { problemSchema } from '@rewardbook/contracts/values/problem';
import type { z } from 'zod';
import { CliFailure, inputError, mismatchError, serverError } from '../terminal/failure.ts';
import type { KeyScope, Service, System } from './connection.ts';

export interface Call {
  readonly service: Service;
  readonly scope: KeyScope;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash; parts are encoded by the caller (`path`). */
  readonly path: string;
  /** A function gives a new stream for each attempt. */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);
  readonly contentType?: string;
  /** How the body is compressed, if it is. */
  readonly contentEncoding?: 'gzip';
  readonly accept?: string;
  /** How long lost connections, 429 and 503 are tried again; a streamed body is sent once. Default: the client's patience. */
  readonly retryForMs?: number;
  /** How long a service is waited for that says when to come back (429, 503): it is there and has no room. Default: as `retryForMs`. */
  readonly waitForMs?: number;
  /** Called for every attempt that is made again. */
  readonly onRetry?: (reason: string) => void;
}

const PATIENCE_MS = 3_000;
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 2_000;
const MAX_ERROR_BYTES = 1 << 20;
const MAX_TRIES = 5;
const CONNECTION_LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** The connection was lost in the middle of an answer. */
class BrokenOff extends CliFailure {}

/** Requests to the services of one system. Connections are kept and do not keep the process alive. */
export class Client {
  readonly #system: System;
  readonly #signal: AbortSignal;
  readonly #patienceMs: number;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });

  /** @param patienceMs how long a request is tried again that does not say otherwise */
  constructor(system: System, signal: AbortSignal, patienceMs = PATIENCE_MS) {
    this.#system = system;
    this.#signal = signal;
    this.#patienceMs = patienceMs;
  }

  /** An answer checked by its schema. @throws CliFailure */
  async json<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>> {
    const text = await this.text(call);
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      const waiting = approvalOf(text);
      if (waiting !== undefined) {
        throw waiting;
      }
      throw serverError(`${this.#address(call)} gave an answer that this version does not know`, cause);
    }
  }

  /** A whole answer; what breaks off in the middle is asked for again, if it is only read. @throws CliFailure */
  async text(call: Call): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      try {
        const pieces: Buffer[] = [];
        for await (const chunk of await this.stream(call)) {
          pieces.push(chunk);
        }
        return Buffer.concat(pieces).toString('utf8');
      } catch (error) {
        if (!(error instanceof BrokenOff) || (call.method ?? 'GET') !== 'GET' || tries === MAX_TRIES) {
          throw error;
        }
        call.onRetry?.(error.message);
      }
    }
  }

  /** The body of a good answer, piece by piece; an answer that breaks off throws. @throws CliFailure */
  async stream(call: Call): Promise<AsyncIterable<Buffer>> {
    const answer = await this.#answer(call);
    return this.#body(answer, call);
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #answer(call: Call): Promise<IncomingMessage> {
    const canRepeat = !(call.body instanceof Object && Symbol.asyncIterator in call.body);
    const patienceMs = canRepeat ? (call.retryForMs ?? this.#patienceMs) : 0;
    const waitMs = canRepeat ? (call.waitForMs ?? patienceMs) : 0;
    const begun = Date.now();
    let heard = begun; // where it is waited for: when it last said so
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      let reason: string;
      let wait = pause * (0.5 + Math.random() / 2); // so that many clients do not retry at the same time
      let give: () => Promise<CliFailure>;
      let until = heard + patienceMs;
      try {
        const answer = await this.#send(call);
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          return answer;
        }
        const failure = await this.#refusal(answer, call);
        if (status !== 429 && status !== 503) {
          throw failure;
        }
        reason = failure.message;
        const asked = retryAfterMs(answer.headers['retry-after']);
        if (asked !== undefined) {
          wait = asked;
          until = begun + waitMs;
          if (call.waitForMs !== undefined) {
            heard = Date.now();
          }
        }
        give = async () => failure;
      } catch (error) {
        if (error instanceof CliFailure || this.#signal.aborted || !isConnectionLost(error)) {
          throw error;
        }
        reason = error.message;
        give = async () => this.#unreachable(call, error);
      }
      if (Date.now() + wait > until) {
        throw await give();
      }
      call.onRetry?.(reason);
      await delay(wait, undefined, { signal: this.#signal });
    }
  }

  #send(call: Call): Promise<IncomingMessage> {
    const url = new URL(this.#system.urls[call.service] + call.path);
    const secure = url.protocol === 'https:';
    const given = typeof call.body === 'function' ? call.body() : call.body;
    const body = typeof given === 'string' ? Buffer.from(given, 'utf8') : given;
    const headers: Record<string, string | number> = {
      authorization: `Bearer ${this.#system.keyFor(call.scope)}`,
      accept: call.accept ?? 'application/json',
      ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
      ...(call.contentEncoding === undefined ? {} : { 'content-encoding': call.contentEncoding }),
      ...(body instanceof Uint8Array ? { 'content-length': body.byteLength } : {}),
    };
    const options = {
      method: call.method ?? 'GET',
      headers,
      signal: this.#signal,
      agent: secure ? this.#https : this.#http,
    };
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? requestHttps : requestHttp)(url, options, resolve);
      outgoing.once('error', reject);
      if (body === undefined || body instanceof Uint8Array) {
        outgoing.end(body);
      }
      // An answer may come before the body is through (a refusal): then what is left of it does not matter.
      else {
        pipeline(Readable.from(body), outgoing).catch(reject);
      }
    });
  }

  async *#body(answer: IncomingMessage, call: Call): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of answer) {
        yield chunk;
      }
    } catch (error) {
      if (this.#signal.aborted || !isConnectionLost(error)) {
        throw error;
      }
      throw new BrokenOff(3, `${this.#address(call)} broke off in the middle of its answer: ${error.message}`, {
        cause: error,
      });
    }
  }

  /** What a refusal means: a 4xx is the caller's fault (2), except for 408 and 429; the rest is the server's (3). */
  async #refusal(answer: IncomingMessage, call: Call): Promise<CliFailure> {
    const status = answer.statusCode ?? 0;
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer) {
      size += chunk.length;
      if (size <= MAX_ERROR_BYTES) {
        pieces.push(chunk);
      }
    }
    const message = describeProblem(Buffer.concat(pieces).toString('utf8'), status);
    if (status === 401) {
      return inputError(`${message} (the API key from ${this.#system.origin} was not accepted)`);
    }
    const isCallers = status >= 400 && status < 500 && status !== 408 && status !== 429;
    return isCallers ? inputError(message) : serverError(`${this.#address(call)}: ${message}`);
  }

  #unreachable(call: Call, error: Error): CliFailure {
    return serverError(
      `Nothing answers at ${this.#system.urls[call.service]} (${error.message || 'connection refused'}); ` +
        `the address is from ${this.#system.origin}. Is the system running? "rewardbook up" starts it`,
      error,
    );
  }

  #address(call: Call): string {
    return `${call.method ?? 'GET'} ${this.#system.urls[call.service]}${call.path}`;
  }
}

/** A path whose parts are encoded: path`/v1/programs/${program}/events`. */
export function path(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  return strings.reduce((text, piece, index) => text + encodePathPart(parts[index - 1] ?? '') + piece);
}

/** A query of what is defined, with its question mark; '' if nothing is. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** What the caller asked for waits for a second person; undefined where the answer says something else. */
function approvalOf(text: string): CliFailure | undefined {
  const parsed = approvalNeededSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    return undefined;
  }
  const { request, key, status } = parsed.data.approval;
  return mismatchError(
    `${key} needs a second person and is ${status} as request ${request}: somebody else approves it with "rewardbook approvals approve ${request} --program …"`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeProblem(text: string, status: number): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `status ${status}: ${text.slice(0, 500)}`;
  }
  const parsed = problemSchema.safeParse(value);
  if (!parsed.success) {
    return `status ${status}: ${text.slice(0, 500)}`;
  }
  const { title, detail, code, errors = [] } = parsed.data;
  const list = errors.map(({ path, message }) => `\n  ${path === '' ? '' : `${path}: `}${message}`).join('');
  return `${detail ?? title} [${code}]${list}`;
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) {
    return undefined;
  }
  if (/^\d+$/.test(header)) {
    return Number(header) * 1000;
  }
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function isConnectionLost(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) {
    return false;
  }
  return CONNECTION_LOST.has(String(error.code)) || error.message === 'socket hang up' || error.message === 'aborted';
}
