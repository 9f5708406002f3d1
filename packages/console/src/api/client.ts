import { encodePathPart } from '@rewardbook/contracts/values/path-part';
import { problemSchema } from '@rewardbook/contracts/values/problem';
import type { z } from 'zod';
import { noteAnswered, noteLost, sessionEnded } from './connection.ts';
import { ApiProblem, type ApiService, ServiceLost, UnreadableAnswer } from './problems.ts';

export interface ApiCall {
  readonly service: ApiService;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash; parts are encoded (`path`). */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; a Blob unchanged, with its type. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** What the answer is to be; JSON where it is not given. */
  readonly accept?: string;
}

/** Statuses of a proxy that found nothing behind it, or gave up waiting. */
const LOST_STATUSES = new Set([502, 504]);
const LOST_CODES = new Set([
  'service-unavailable',
  'shutting-down',
  'not-ready',
  'database-unavailable',
  'queue-unavailable',
]);

/** A path whose parts are encoded: path`/v1/programs/${program}/events`. */
export function path(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  return strings.reduce((text, piece, index) => text + encodePathPart(parts[index - 1] ?? '') + piece);
}

/** The address of a call on the console's own server. */
export function addressOf({ service, path: place, query = {} }: Pick<ApiCall, 'service' | 'path' | 'query'>): string {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      values.set(name, String(value));
    }
  }
  const text = values.toString();
  const base = service === 'console' ? '' : `/api/${service}`;
  return `${base}${place}${text === '' ? '' : `?${text}`}`;
}

/** An answer checked by its schema. @throws ApiProblem, ServiceLost, UnreadableAnswer */
export async function askJson<Schema extends z.ZodType>(call: ApiCall, schema: Schema): Promise<z.output<Schema>> {
  const text = await askText(call);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableAnswer(`The answer of ${addressOf(call)} is not JSON`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UnreadableAnswer(
      `The answer of ${addressOf(call)} is not as expected: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  return parsed.data;
}

/** The text of a good answer. @throws ApiProblem, ServiceLost */
export async function askText(call: ApiCall): Promise<string> {
  const answer = await send(call);
  try {
    return await answer.text();
  } catch (cause) {
    throw lost(call, cause);
  }
}

/** A good answer, to be read by whoever asked. @throws ApiProblem, ServiceLost */
export async function send(call: ApiCall): Promise<Response> {
  const { service, method = 'GET', body, signal, accept = 'application/json' } = call;
  const isBlob = body instanceof Blob;
  let answer: Response;
  try {
    answer = await fetch(addressOf(call), {
      method,
      headers: {
        accept,
        ...(body === undefined || isBlob ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBlob ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch (cause) {
    throw lost(call, cause, 'console');
  }
  if (answer.ok) {
    noteAnswered(service);
    return answer;
  }
  throw await refusalOf(call, answer);
}

async function refusalOf(call: ApiCall, answer: Response): Promise<Error> {
  const problem = await readProblem(answer);
  if (LOST_STATUSES.has(answer.status) || (answer.status === 503 && LOST_CODES.has(problem.code))) {
    return lost(call, new ApiProblem(problem));
  }
  noteAnswered(call.service);
  if (answer.status === 401 && call.service !== 'console') {
    sessionEnded.set(true);
  }
  return new ApiProblem(problem);
}

async function readProblem(answer: Response): Promise<z.output<typeof problemSchema>> {
  const text = await answer.text().catch(() => '');
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    // Not one of the services: a proxy, or a server that is being replaced.
    const title = `The answer was ${answer.status} ${answer.statusText}`.trim();
    return { type: 'about:blank', title, status: answer.status, code: 'unknown' };
  }
}

/** An aborted call throws its own reason: nothing is lost then. */
function lost({ service, signal }: ApiCall, cause: unknown, missing: ApiService = service): Error {
  if (signal?.aborted) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
  noteLost(missing);
  return new ServiceLost(missing, { cause });
}
