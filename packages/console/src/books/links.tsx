import { creatorOfAccount } from '@rewardbook/domain/books/account';
import { Link } from '@tanstack/react-router';
import { Name } from '../blocks/name.tsx';

export function CreatorLink({ program, creator }: { readonly program: string; readonly creator: string }) {
  return (
    <Link to="/books/$program/creators/$creator" params={{ program, creator }}>
      <Name>{creator}</Name>
    </Link>
  );
}

export function EntryLink({ program, entryKey }: { readonly program: string; readonly entryKey: string }) {
  return (
    <Link to="/books/$program/journal/$entryKey" params={{ program, entryKey }}>
      <Name>{entryKey}</Name>
    </Link>
  );
}

export function RunLink({ program, run }: { readonly program: string; readonly run: string }) {
  return (
    <Link to="/books/$program/runs/$run" params={{ program, run }} className="nowrap">
      {run}
    </Link>
  );
}

export function PeriodLink({ program, period }: { readonly program: string; readonly period: string }) {
  return (
    <Link to="/books/$program/periods/$period" params={{ program, period }} className="nowrap">
      {period}
    </Link>
  );
}

/** An account by its code; a creator's shows the creator's id as it was given. */
export function AccountLink({ program, account }: { readonly program: string; readonly account: string }) {
  return (
    <Link to="/books/$program/balances/$account" params={{ program, account }}>
      <Name>{readableAccount(account)}</Name>
    </Link>
  );
}

/** A code with its percent-encoding undone, where that is unmistakable. */
export function readableAccount(account: string): string {
  try {
    const creator = creatorOfAccount(account);
    return creator === undefined ? account : `creator:${creator}:${account.slice(account.lastIndexOf(':') + 1)}`;
  } catch (error) {
    if (error instanceof URIError) {
      return account; // not one of the ledger's own codes
    }
    throw error;
  }
}
