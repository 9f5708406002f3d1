import type { Problem } from '@rewardbook/contracts/values/problem';
import { BooksRefused, isDiskFull, isTransient, isUnstorable } from '@rewardbook/db/errors';
import { DomainError, type DomainErrorCode } from '@rewardbook/domain/values/error';
import { MoneyError, type MoneyErrorCode } from '@rewardbook/money/error';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError } from './errors.ts';
import { MAX_FAULT_LENGTH, MAX_FAULTS_LISTED } from './limits.ts';
import { isProblemCode, type ProblemCode, problemKind } from './problem-codes.ts';

export interface ProblemAnswer {
  readonly status: number;
  readonly body: Problem;
  readonly retryAfterSeconds: number | undefined;
}

/** What an error of a library is to the caller, by its code. */
const PROBLEM_OF = {
  // Domain. The last three are never a caller's doing: the services made these values.
  'bad-period': 'bad-period',
  'bad-time-zone': 'bad-time-zone',
  'bad-policy': 'bad-policy',
  'bad-close': 'internal-error',
  'bad-posting': 'internal-error',
  'not-canonical': 'internal-error',
  // Money
  'unknown-currency': 'bad-amount',
  'bad-decimal': 'bad-amount',
  'too-many-decimals': 'bad-amount',
  'too-many-digits': 'bad-amount',
  'division-by-zero': 'internal-error',
  'negative-pool': 'internal-error',
  'negative-weight': 'internal-error',
  'negative-cap': 'internal-error',
  // Fastify
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported-media-type',
  FST_ERR_MAX_PARAM_LENGTH: 'address-too-long',
  FST_ERR_HANDLER_TIMEOUT: 'overloaded',
  // Postgres: statement_timeout
  '57014': 'database-unavailable',
} as const satisfies Readonly<Record<DomainErrorCode | MoneyErrorCode, ProblemCode> & Record<string, ProblemCode>>;

/** Any error as the problem that the caller gets. What is wrong inside (5xx) stays out of the text. */
export function toProblem(error: unknown, context: { instance: string; requestId: string }): ProblemAnswer {
  const code = codeOf(error);
  const kind = problemKind(code);
  const own = error instanceof AppError ? error : undefined;
  const errors = (own?.errors ?? validationErrors(error))?.slice(0, MAX_FAULTS_LISTED).map(({ path, message }) => ({
    path: shortened(path),
    message: shortened(message),
  }));
  const detail = kind.status >= 500 && own === undefined ? undefined : detailOf(error);
  return {
    status: kind.status,
    retryAfterSeconds: own?.retryAfterSeconds ?? kind.retryAfterSeconds,
    body: {
      type: `urn:rewardbook:problem:${code}`,
      title: kind.title,
      status: kind.status,
      ...(detail === undefined ? {} : { detail: shortened(detail) }),
      instance: context.instance,
      code,
      requestId: context.requestId,
      ...(errors === undefined ? {} : { errors }),
    },
  };
}

function codeOf(error: unknown): ProblemCode {
  if (error instanceof AppError) {
    return error.code;
  }
  if (error instanceof BooksRefused) {
    return isProblemCode(error.code) ? error.code : 'internal-error';
  }
  if (error instanceof DomainError || error instanceof MoneyError) {
    return PROBLEM_OF[error.code];
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    return 'invalid-request';
  }
  if (isDiskFull(error)) {
    return 'database-full';
  }
  if (isTransient(error)) {
    return 'database-unavailable';
  }
  if (isUnstorable(error)) {
    return 'bad-request';
  }
  if (!(error instanceof Error)) {
    return 'internal-error';
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (isKnownCode(code)) {
    return PROBLEM_OF[code];
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return status >= 400 && status < 500 ? 'bad-request' : 'internal-error';
}

function isKnownCode(code: string): code is keyof typeof PROBLEM_OF {
  return Object.hasOwn(PROBLEM_OF, code);
}

function detailOf(error: unknown): string {
  if (hasZodFastifySchemaValidationErrors(error)) {
    return 'See errors for what is wrong where';
  }
  if (isUnstorable(error)) {
    return 'A value cannot be stored: it has a NUL character, or is too large, or a date before the year 0001';
  }
  return error instanceof Error ? error.message : String(error);
}

function validationErrors(error: unknown): Problem['errors'] {
  if (!hasZodFastifySchemaValidationErrors(error)) {
    return undefined;
  }
  return error.validation.slice(0, MAX_FAULTS_LISTED).map((issue) => ({
    path: `${error.validationContext ?? 'request'}${issue.instancePath.replaceAll('/', '.')}`,
    message: issue.message ?? 'is not valid',
  }));
}

/** Messages quote what clients sent: cut, so that an answer is not as long as its request. */
function shortened(text: string): string {
  return text.length <= MAX_FAULT_LENGTH ? text : `${text.slice(0, MAX_FAULT_LENGTH)}…`;
}
