import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { canonicalJson } from '../values/canonical-json.ts';
import { TextHash } from '../values/sha256.ts';

const ROWS_PER_PIECE = 1_000;

/** What identifies a run's contents besides its rows. */
export interface RunHeader {
  readonly program: string;
  readonly runId: string;
  /** The latest period that was closed when it was drafted. */
  readonly period: string;
  readonly currency: Currency;
  readonly policyVersion: number;
}

/** A creator in a run, amounts in minor units. */
export interface HashedPayout {
  readonly creatorId: string;
  readonly status: 'due' | 'waiting';
  readonly reason: string | null;
  /** 1, 2, 3… over what is due; null if it waits. */
  readonly payoutNumber: number | null;
  readonly available: bigint;
  readonly gross: bigint;
  readonly withheld: bigint;
  readonly net: bigint;
  readonly taxCountry: string | null;
  readonly payee: string | null;
  readonly account: string | null;
}

/** The hash that an approver signs, built row by row in order of creatorId. */
export interface RunHasher {
  add(row: HashedPayout): void;
  /** SHA-256 in hex, after which nothing can be added. */
  digest(): string;
}

/**
 * SHA-256 of a run: its header as canonical JSON, then for each thousand rows the SHA-256 of a canonical JSON array a row, of strings and
 * nulls alone: `[creatorId, status, reason, payoutNumber, available, gross, withheld, net, taxCountry, payee, account]`. A line each.
 */
export function runHasher({ program, runId, period, currency, policyVersion }: RunHeader): RunHasher {
  const hash = new TextHash();
  hash.update(`${canonicalJson({ program, runId, period, currency: currency.code, policyVersion })}\n`);
  const money = (minor: bigint): string => formatAmount(minor, currency);
  let piece = new TextHash();
  let rows = 0;
  const endPiece = (): void => {
    hash.update(`${piece.digest()}\n`);
    piece = new TextHash();
  };
  return {
    add: ({ creatorId, status, reason, payoutNumber, available, gross, withheld, net, taxCountry, payee, account }) => {
      const amounts = [available, gross, withheld, net].map(money);
      const number = payoutNumber === null ? null : String(payoutNumber);
      piece.update(`${canonicalJson([creatorId, status, reason, number, ...amounts, taxCountry, payee, account])}\n`);
      rows += 1;
      if (rows % ROWS_PER_PIECE === 0) {
        endPiece();
      }
    },
    digest() {
      if (rows % ROWS_PER_PIECE !== 0) {
        endPiece();
      }
      return hash.digest();
    },
  };
}

/** A payout's id: its run and its number in it. */
export function payoutId(runId: string, payoutNumber: number): string {
  return `${runId}-${payoutNumber}`;
}
