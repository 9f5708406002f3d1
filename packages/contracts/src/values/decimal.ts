import { Decimal, formatDecimal, parseDecimal, scaleOf } from '@rewardbook/money/decimal';
import { digitsBeforePoint } from '@rewardbook/money/decimal-text';
import { MoneyError } from '@rewardbook/money/error';
import { z } from 'zod';

/**
 * Digits of a weight, share or rate, before the point and after it: all of a policy's arithmetic stays exact with them, and points (a
 * weight times a count, carried from close to close) stay far below what `money` reads. SQL checks them too (`assert_policy_limits`).
 */
export const MAX_RATE_DIGITS = 12;
const MAX_DECIMALS = 18;

/** Says, of a value that is not a string, how a decimal is given: readers of YAML and JSON make binary fractions of bare ones. */
function decimalTypeError(input: unknown): string {
  return typeof input === 'number' || typeof input === 'bigint'
    ? `a decimal is written in quotes: "${input}", not ${input}`
    : 'give a decimal in quotes, as "0.05"';
}

const bare = z.string({ error: (issue) => decimalTypeError(issue.input) }).meta({ examples: ['0.05'] });

/** A plain decimal in a string: no exponent, no "+", at most 40 digits on either side of the point. */
export const decimalSchema = bare.check((context) => {
  const fault = decimalFault(context.value);
  if (fault !== undefined) {
    context.issues.push({ code: 'custom', input: context.value, message: fault });
  }
});

/** A decimal in an answer: written plainly by the service. */
export const decimalOutSchema = z.string().meta({ format: 'decimal', examples: ['12.5'] });

/** A decimal within bounds (`above` excludes its bound), at most 12 digits before the point and 18 after it; the output is written plainly ("0.050" → "0.05"). */
export function decimalIn(bounds: { min?: string; above?: string; max?: string }) {
  return decimalSchema
    .check((context) => {
      // The check before may have found fault already, and does not stop this one.
      if (decimalFault(context.value) !== undefined) {
        return;
      }
      const fault = boundsFault(context.value, bounds);
      if (fault !== undefined) {
        context.issues.push({ code: 'custom', input: context.value, message: fault });
      }
    })
    .overwrite((text) => (decimalFault(text) === undefined ? formatDecimal(parseDecimal(text)) : text));
}

/** What keeps a text from being a plain decimal; undefined: nothing. */
export function decimalFault(text: string): string | undefined {
  try {
    parseDecimal(text);
    return undefined;
  } catch (error) {
    if (error instanceof MoneyError) {
      return error.message;
    }
    throw error;
  }
}

function boundsFault(text: string, bounds: { min?: string; above?: string; max?: string }): string | undefined {
  const value = parseDecimal(text);
  if (bounds.min !== undefined && value.lt(new Decimal(bounds.min))) {
    return `is ${text}; at least ${bounds.min}`;
  }
  if (bounds.above !== undefined && value.lte(new Decimal(bounds.above))) {
    return `is ${text}; more than ${bounds.above}`;
  }
  if (bounds.max !== undefined && value.gt(new Decimal(bounds.max))) {
    return `is ${text}; at most ${bounds.max}`;
  }
  const digits = digitsBeforePoint(text);
  if (digits > MAX_RATE_DIGITS) {
    return `has ${digits} digits before the point; at most ${MAX_RATE_DIGITS}`;
  }
  if (scaleOf(text) > MAX_DECIMALS) {
    return `has ${scaleOf(text)} decimals; at most ${MAX_DECIMALS}`;
  }
  return undefined;
}
