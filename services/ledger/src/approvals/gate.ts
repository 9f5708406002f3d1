import { BooksRefused } from '@rewardbook/db/errors';
import type { Ledger } from '../service/ledger.ts';
import { type ApprovalCall, findRequest, type RequestRow, requestApproval } from './sql.ts';

/** Something for which a policy can require a second person. */
export interface Gated<Value> {
  /** Does it; the books refuse what needs an approval and has none, and use up the one it has. */
  readonly act: () => Promise<Value>;
  /** What is asked for then: exactly what `act` does. */
  readonly request: () => ApprovalCall | Promise<ApprovalCall>;
}

/** What was done, or the request that waits for a second person. */
export type Answer<Value> =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly request: RequestRow };

/**
 * Does something, or asks a second person for it where the books refuse to do it without. They alone decide: so what is done already
 * is answered as such, and what cannot be done is refused before anybody is asked.
 *
 * @throws as `act`; BooksRefused `reference-conflict`
 */
export async function doOrAsk<Value>(ledger: Ledger, { act, request }: Gated<Value>): Promise<Answer<Value>> {
  try {
    return { done: true, value: await act() };
  } catch (error) {
    if (!(error instanceof BooksRefused) || error.code !== 'approval-needed') {
      throw error;
    }
    return { done: false, request: await ask(ledger, await request()) };
  }
}

/** Asks for an approval; what waits for one already is that request. @throws BooksRefused `reference-conflict` */
export async function ask(ledger: Ledger, call: ApprovalCall): Promise<RequestRow> {
  const number = await requestApproval(ledger.sql, call);
  const request = await findRequest(ledger.sql, call.programId, number);
  if (request === undefined) {
    throw new Error(`request ${number} is not there after it was made`);
  }
  return request;
}
