import { isHeaderAgain } from '@rewardbook/contracts/files/csv-header';
import { asWritten, csvLines } from '@rewardbook/contracts/files/csv-lines';
import { csvIssue, csvRecords } from '@rewardbook/contracts/files/csv-records';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { MoneyError } from '@rewardbook/money/error';
import { splitByLargestRemainder, splitCapped } from '@rewardbook/money/split/largest-remainder';
import { openInput } from '../../files/input.ts';
import { printJson } from '../../files/output.ts';
import { CliFailure, inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import type { AllocateOptions } from './command.ts';

interface WeightedId {
  readonly id: string;
  /** A plain decimal, zero or more. */
  readonly weight: string;
}

interface WeightTable {
  readonly hasHeader: boolean;
  readonly rows: readonly WeightedId[];
}

const HEADER = ['id', 'weight'];
const ROWS_PER_WRITE = 5_000;

/** Splits the amount over the `id,weight` rows on stdin and prints `id,amount` in the same order. */
export async function allocate({ amount, maxShare, json }: AllocateOptions, io: Io): Promise<void> {
  const table = await readWeights(io);
  const { amounts, undistributed } = split(amount, table.rows, maxShare);
  if (json) {
    const parts = table.rows.map(({ id }, index) => ({ id, amount: String(amounts[index] ?? 0n) }));
    await printJson(io, { amount: String(amount), undistributed: String(undistributed), parts });
    return;
  }
  if (table.hasHeader) {
    await write(io.stdout, csvLines([['id', 'amount']]));
  }
  for (let start = 0; start < table.rows.length; start += ROWS_PER_WRITE) {
    const rows = table.rows.slice(start, start + ROWS_PER_WRITE);
    const lines = rows.map(({ id }, index) => [id, amounts[start + index] ?? 0n]);
    await write(io.stdout, csvLines(lines, asWritten));
  }
  if (undistributed !== 0n) {
    io.stderr.write(`undistributed: ${undistributed}\n`);
  }
}

/** Amounts in the order of `rows`; ties go to the smaller id in bytes. */
export function split(
  amount: bigint,
  rows: readonly WeightedId[],
  maxShare: string | undefined,
): { amounts: bigint[]; undistributed: bigint } {
  const scale = rows.reduce((most, { weight }) => Math.max(most, scaleOf(weight)), 0);
  const order = rows.map((_, index) => index).sort((a, b) => compareUtf8(rows[a]?.id ?? '', rows[b]?.id ?? ''));
  const weights = order.map((index) => parseScaled(rows[index]?.weight ?? '0', scale));
  const parts =
    maxShare === undefined ? splitByLargestRemainder(amount, weights) : cappedParts(amount, weights, maxShare);
  const amounts = new Array<bigint>(rows.length).fill(0n);
  let undistributed = amount;
  for (const [place, index] of order.entries()) {
    const part = parts[place] ?? 0n;
    amounts[index] = part;
    undistributed -= part;
  }
  return { amounts, undistributed };
}

function cappedParts(amount: bigint, weights: readonly bigint[], maxShare: string): bigint[] {
  const scale = scaleOf(maxShare);
  const share = parseScaled(maxShare, scale);
  const whole = 10n ** BigInt(scale);
  if (share < 0n || share > whole) {
    throw inputError(`--max-share is ${maxShare}; it is from 0 to 1`);
  }
  return splitCapped(amount, weights, (amount * share) / whole).parts;
}

async function readWeights(io: Io): Promise<WeightTable> {
  const rows: WeightedId[] = [];
  const lineOf = new Map<string, number>();
  let hasHeader = false;
  const input = await openInput('-', io);
  let line = 0;
  try {
    for await (const { cells: record } of csvRecords(input.chunks())) {
      line += 1;
      if ((line === 1 || hasHeader) && isHeaderAgain(record, HEADER)) {
        hasHeader = true;
        continue;
      }
      const row = readRow(record, line);
      const earlier = lineOf.get(row.id);
      if (earlier !== undefined) {
        throw inputError(`Record ${line}: id "${row.id}" is in record ${earlier} already`);
      }
      lineOf.set(row.id, line);
      rows.push(row);
    }
  } catch (error) {
    throw error instanceof CliFailure
      ? error
      : inputError(`stdin is not CSV: ${describeIssues([csvIssue(error)])}`, error);
  }
  if (rows.length === 0) {
    throw inputError('stdin has no rows; give CSV of id,weight');
  }
  return { hasHeader, rows };
}

function readRow(record: readonly string[], line: number): WeightedId {
  const [id = '', weight = ''] = record;
  if (record.length !== 2 || id === '') {
    throw inputError(`Record ${line}: give id,weight, as creator-1,12.5`);
  }
  try {
    // The scale only checks the form here.
    if (parseScaled(weight, scaleOf(weight)) < 0n) {
      throw inputError(`Record ${line}: weight ${weight} is negative`);
    }
  } catch (error) {
    if (error instanceof MoneyError) {
      throw inputError(`Record ${line}: weight ${error.message}`, error);
    }
    throw error;
  }
  return { id, weight };
}
