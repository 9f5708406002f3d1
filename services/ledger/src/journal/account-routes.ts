import {
  type AccountOut,
  accountDetailSchema,
  accountParamsSchema,
  accountQuerySchema,
  accountsPageSchema,
  accountsQuerySchema,
  trialBalanceQuerySchema,
  trialBalanceSchema,
} from '@rewardbook/contracts/api/accounts';
import { type Page, toPage } from '@rewardbook/contracts/values/cursor';
import type { PointInTime } from '@rewardbook/contracts/values/point-in-time';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { creatorOfAccount } from '@rewardbook/domain/books/account';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { readCursor } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';
import {
  type AccountPlace,
  type BalanceRow,
  findAccount,
  listAccounts,
  listMovements,
  trialTotals,
} from './account-sql.ts';
import { findAccountAt, listAccountsAt, trialTotalsAt } from './balance-at-sql.ts';
import { booksUntil, type ReadUntil } from './books-until.ts';

/** The entry at which the first page was read, and the last account. */
const accountKeySchema = z.tuple([z.int().min(0), z.string().max(512), z.string().max(1024)]);
const movementKeySchema = z.tuple([z.int().min(0), z.int().min(0)]);

/** Accounts, their movements, and the trial balance. */
export function accountRoutes(app: App, ledger: Ledger): void {
  accountsRoute(app, ledger);
  accountRoute(app, ledger);
  trialBalanceRoute(app, ledger);
}

function accountsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/accounts',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary:
          "Accounts with their balances, now or at a point in time: the platform's by code, then creators' by creatorId",
        params: programParamsSchema,
        querystring: accountsQuerySchema,
        response: { 200: accountsPageSchema },
      },
    },
    async (request) => {
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      return (await accountsPage(ledger, programId, currency, request.query)).page;
    },
  );
}

function accountRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/accounts/:account',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'An account with a page of its movements and the balance after each',
        params: accountParamsSchema,
        querystring: accountQuerySchema,
        response: { 200: accountDetailSchema },
      },
    },
    async (request) => {
      const { program, account } = request.params;
      const { limit, cursor } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, program);
      const place = { creatorId: ownerOf(account), account };
      const until = await booksUntil(ledger, programId, request.query);
      const row = until.isNow
        ? await findAccount(ledger.sql, programId, until.seq, place)
        : await findAccountAt(ledger.sql, programId, until, place);
      if (row === undefined) {
        throw new AppError('not-found', `Program ${program} has no account ${account}`);
      }
      const [seq, line] = readCursor(cursor, movementKeySchema) ?? [0, 0];
      const movements = await listMovements(ledger.sql, programId, place, {
        after: { seq, line },
        limit: limit + 1,
        until,
      });
      const items = movements.map((movement) => ({
        ...movement,
        amount: money(movement.amount, currency),
        balance: money(movement.balance, currency),
      }));
      return { ...toAccountOut(row, currency), movements: toPage(items, limit, (item) => [item.seq, item.line]) };
    },
  );
}

function trialBalanceRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/trial-balance',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'A page of the trial balance with the totals of all accounts, which are equal',
        description: 'All pages are of one moment, that of the first: the cursor says which.',
        params: programParamsSchema,
        querystring: trialBalanceQuerySchema,
        response: { 200: trialBalanceSchema },
      },
    },
    async (request) => {
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const { page, until } = await accountsPage(ledger, programId, currency, request.query);
      const totals = until.isNow
        ? await trialTotals(ledger.slowSql, programId, until.seq)
        : await trialTotalsAt(ledger.slowSql, programId, until);
      return {
        ...page,
        currency: currency.code,
        totalDebit: money(totals.debit, currency),
        totalCredit: money(totals.credit, currency),
      };
    },
  );
}

interface AccountsQuery extends PointInTime {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly prefix?: string | undefined;
}

/** A page of accounts, and until where it was read: its cursor says it, so that all pages are of one moment. */
async function accountsPage(
  ledger: Ledger,
  programId: number,
  currency: Currency,
  query: AccountsQuery,
): Promise<{ page: Page<AccountOut>; until: ReadUntil }> {
  const { limit, prefix } = query;
  const [pinned, creatorId, account] = readCursor(query.cursor, accountKeySchema) ?? [undefined, '', ''];
  const until = await booksUntil(ledger, programId, query, pinned);
  const after: AccountPlace = { creatorId, account };
  const asked = { ...(prefix === undefined ? {} : { prefix }), after, limit: limit + 1 };
  const rows = until.isNow
    ? await listAccounts(ledger.sql, programId, until.seq, asked)
    : await listAccountsAt(ledger.slowSql, programId, until, asked);
  const items = rows.map((row) => toAccountOut(row, currency));
  return { page: toPage(items, limit, (item) => [until.seq, ownerOf(item.account), item.account]), until };
}

/** Whose account it is; '' for the platform's. A badly encoded code belongs to no account holder. */
function ownerOf(account: string): string {
  try {
    return creatorOfAccount(account) ?? '';
  } catch (error) {
    if (error instanceof URIError) {
      return '';
    }
    throw error;
  }
}

function money(text: string, currency: Currency): string {
  return formatAmount(parseAmount(text, currency), currency);
}

function toAccountOut({ account, debit, credit, balance }: BalanceRow, currency: Currency): AccountOut {
  return {
    account,
    currency: currency.code,
    debit: money(debit, currency),
    credit: money(credit, currency),
    balance: money(balance, currency),
  };
}
