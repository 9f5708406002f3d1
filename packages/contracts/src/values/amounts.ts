import { givenAmountFault } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import { z } from 'zod';
import { decimalFault, decimalSchema } from './decimal.ts';

/** Money in major units, in a string, where the currency is not known yet: only its form and size are checked. */
export const amountSchema = decimalSchema
  .check((context) => {
    if (decimalFault(context.value) !== undefined) {
      return; // said already
    }
    const fault = givenAmountFault(context.value);
    if (fault !== undefined) {
      context.issues.push({ code: 'custom', input: context.value, message: fault });
    }
  })
  .meta({ format: 'decimal', examples: ['1500000.00'] });

/** Money in an answer: major units with all the currency's digits. */
export const amountOutSchema = z.string().meta({ format: 'decimal', examples: ['1500000.00'] });

/** ISO 4217 code of a currency that has an entry in money's table. */
export const currencySchema = z
  .string({ error: 'give a currency code of ISO 4217, as "IDR"' })
  .refine(isCurrency, {
    error: (issue) => `"${String(issue.input).slice(0, 40)}" is not a currency of ISO 4217 known here`,
  })
  .meta({ examples: ['IDR'] });

function isCurrency(code: string): boolean {
  try {
    currencyOf(code);
    return true;
  } catch (error) {
    if (error instanceof MoneyError) {
      return false;
    }
    throw error;
  }
}
