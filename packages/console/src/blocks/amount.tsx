import { groupDigits, isNegative, isZero } from '../format/decimal-text.ts';

export interface AmountProps {
  /** Exact decimal text, as services write it. */
  readonly value: string;
  /** Shown before the digits; left out in columns whose header names it. */
  readonly currency?: string;
  /** A plus sign before what is above zero. */
  readonly isChange?: boolean;
}

/** Money, exactly: the digits are those of the text, in groups. */
export function Amount({ value, currency, isChange = false }: AmountProps) {
  const tone = isNegative(value) ? ' amount-negative' : isZero(value) ? ' amount-zero' : '';
  const plus = isChange && !isNegative(value) && !isZero(value) ? '+' : '';
  return (
    <span className={`amount${tone}`}>
      {currency === undefined ? null : <span className="amount-currency">{currency}</span>}
      {plus}
      {groupDigits(value)}
    </span>
  );
}

/** A decimal that is no money: points, weights. */
export function Figures({ value }: { readonly value: string }) {
  return <span className="amount">{groupDigits(value)}</span>;
}

/** An amount that may not be known yet. */
export function AmountOrDash({ value, ...rest }: Omit<AmountProps, 'value'> & { readonly value: string | null }) {
  return value === null ? <Nothing /> : <Amount value={value} {...rest} />;
}

/** A balance as accounts have it, debit positive: its size, and the side that it is on. */
export function Balance({ value, currency }: { readonly value: string; readonly currency?: string }) {
  const isCredit = isNegative(value);
  return (
    <span className="nowrap">
      <Amount value={value.replace(/^-/, '')} {...(currency === undefined ? {} : { currency })} />{' '}
      {isZero(value) ? null : (
        <abbr className="side" title={isCredit ? 'credit' : 'debit'}>
          {isCredit ? 'Cr' : 'Dr'}
        </abbr>
      )}
    </span>
  );
}

/** Stands for a value that there is not, or not yet. */
export function Nothing() {
  return (
    <span className="quiet">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">none</span>
    </span>
  );
}
