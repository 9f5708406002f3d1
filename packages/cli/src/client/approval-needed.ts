import { type ApprovalNeeded, approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import { z } from 'zod';
import { inputError } from '../terminal/failure.ts';
import { describeRequested } from './requested.ts';

/** An answer that may say that a second person has to approve first. */
export function orApproval<T extends z.ZodType>(answer: T) {
  return z.union([answer, approvalNeededSchema]);
}

/**
 * Says whom a request waits for and what they do, or that it is about to be done.
 *
 * @throws CliFailure where it was rejected, or approved and could not be done
 */
export function describeApproval(program: string, { approval }: ApprovalNeeded): string {
  const { request, status, decidedBy, note, outcome } = approval;
  const what = describeRequested(approval);
  const because = note === null ? '' : `: ${note}`;
  switch (status) {
    case 'pending':
      return `${what} waits as request ${request}: somebody else approves it with "rewardbook approvals approve ${request} --program ${program}"`;
    case 'approved':
      return `${what} was approved by ${decidedBy} and is about to be done (request ${request})`;
    case 'executed':
      return `${what} was approved by ${decidedBy} and is done (request ${request})`;
    case 'rejected':
      throw inputError(
        `${what} was ${decidedBy === null ? 'taken back' : `rejected by ${decidedBy}`}${because} (request ${request})`,
      );
    case 'failed':
      throw inputError(`${what} was approved by ${decidedBy} and could not be done: ${outcome} (request ${request})`);
  }
}

/** Whether it was approved and done, or is about to be. */
export function isApproved({ approval: { status } }: ApprovalNeeded): boolean {
  return status === 'approved' || status === 'executed';
}
