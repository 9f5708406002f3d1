import type { SelectedSizes } from '@rewardbook/lab/view/creator-rows';
import { BINS_PER_DECADE } from '@rewardbook/lab/view/size-bins';
import { currencyOf } from '@rewardbook/money/currency';
import { shortNumber } from '../../blocks/chart/short-axis.ts';

/** A selection as an address has it: bins of before, then of after, "3~9,4~12". */
export function writeSizes({ before, after }: SelectedSizes): string {
  return `${before.join('~')},${after.join('~')}`;
}

export function readSizes(text: string | undefined): SelectedSizes | undefined {
  const numbers = text?.split(/[~,]/).map(Number);
  const [beforeFrom, beforeTo, afterFrom, afterTo] = numbers ?? [];
  if (beforeFrom === undefined || beforeTo === undefined || afterFrom === undefined || afterTo === undefined) {
    return undefined;
  }
  return { before: [beforeFrom, beforeTo], after: [afterFrom, afterTo] };
}

/** Where a bin begins, roughly, in major units: for axes. */
export function binText(bin: number, currencyCode: string): string {
  if (bin < 0) {
    return '0';
  }
  return shortNumber(Number((10 ** (bin / BINS_PER_DECADE - currencyOf(currencyCode).digits)).toPrecision(2)));
}

/** Both ends of a bin. */
export function binRange(bin: number, currencyCode: string): string {
  return bin < 0 ? 'nothing' : `${binText(bin, currencyCode)} to ${binText(bin + 1, currencyCode)}`;
}
