import { BooksRefused } from '@rewardbook/db/errors';
import { type ApprovalCall, findRequest, type RequestRow, requestApproval } from '../store/approval-store.ts';
import type { Ledger } from './ledger.ts';

/** What was done, or the request that waits for a second person. */
export type Answer<Value> =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly request: RequestRow };

/** Does something, or asks for its approval where the books refuse it without a second person. */
export async function askWhereNeeded<Value>(
  ledger: Ledger,
  call: ApprovalCall,
  act: () => Promise<Value>,
): Promise<Answer<Value>> {
  try {
    return { done: true, value: await act() };
  } catch (error) {
    if (!(error instanceof BooksRefused) || error.code !== 'approval-needed') throw error;
    return { done: false, request: await ask(ledger, call) };
  }
}

/** Asks for an approval; what is asked for already is that request. @throws BooksRefused `reference-conflict` */
export async function ask(ledger: Ledger, call: ApprovalCall): Promise<RequestRow> {
  const number = await requestApproval(ledger.sql, call);
  const request = await findRequest(ledger.sql, call.programId, number);
  if (request === undefined) throw new Error(`request ${number} is not there after it was made`);
  return request;
}
