import type { ApprovalNeeded } from '@rewardbook/contracts/api/approvals';
import { Link } from '@tanstack/react-router';
import { Notice } from '../blocks/notice.tsx';

/** Says that what was asked for is not done yet, and who does it. */
export function ApprovalNotice({ program, answer }: { readonly program: string; readonly answer: ApprovalNeeded }) {
  return (
    <Notice tone="warn" title={`Request ${answer.approval.request} waits for a second person`}>
      Nothing is booked yet. Somebody else looks at it under{' '}
      <Link to="/books/$program/approvals" params={{ program }}>
        Approvals
      </Link>
      .
    </Notice>
  );
}
