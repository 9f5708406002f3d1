import type { Problem } from '@rewardbook/contracts/values/problem';

/** What the console talks to: a service behind it, or the service that serves it. */
export type ApiService = 'events' | 'ledger' | 'reports' | 'console';

const SERVICE_NAMES: Readonly<Record<ApiService, string>> = {
  events: 'The events service',
  ledger: 'The ledger',
  reports: 'The reports service',
  console: 'The console’s server',
};

export function nameOfService(service: ApiService): string {
  return SERVICE_NAMES[service];
}

/** A service refused a request and said why. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** What is wrong where, in a body that does not fit its schema. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];

  constructor({ status, code, title, detail, requestId, errors = [] }: Problem) {
    super(detail ?? title);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.fields = errors;
  }
}

/** A service gave no answer, or only said that it cannot answer now. */
export class ServiceLost extends Error {
  override readonly name = 'ServiceLost';
  readonly service: ApiService;

  constructor(service: ApiService, options?: ErrorOptions) {
    super(`${nameOfService(service)} does not answer`, options);
    this.service = service;
  }
}

/** An answer that this version of the console cannot read. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** What failed, as a sentence with its full stop. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** What a person can do about it. */
export function adviceFor(error: unknown): string {
  if (error instanceof ServiceLost) {
    return 'Nothing is lost. The console tries again by itself; you can also try now.';
  }
  if (error instanceof UnreadableAnswer) {
    return 'The console and the services may be of different versions. Reload the page; if that does not help, update both.';
  }
  if (!(error instanceof ApiProblem)) {
    return 'Try again. If it happens once more, reload the page.';
  }
  if (error.status === 403) {
    return 'Ask somebody who has this right, or change to another person.';
  }
  if (error.status === 404) {
    return 'Check the address, or go back to the list.';
  }
  if (error.status === 429 || error.status === 503) {
    return 'Wait a moment, then try again.';
  }
  return error.status >= 500
    ? `Try again. If it happens once more, give your operator this number: ${error.requestId ?? 'none was given'}.`
    : 'Change what was asked for, then try again.';
}
