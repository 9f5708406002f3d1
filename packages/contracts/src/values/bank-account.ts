import { countrySpecs, electronicFormatIBAN, ValidationErrorsIBAN, validateIBAN } from 'ibantools';

/** An account as stored and sent to a bank. `bad-iban`: it is written like an IBAN but is not a valid one. */
export type BankAccount =
  | { readonly kind: 'iban' | 'other'; readonly account: string }
  | { readonly kind: 'bad-iban'; readonly account: string; readonly fault: string };

/** The shortest IBAN, Norway's, has 15 characters. */
const LIKE_AN_IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,}$/;
// As people write and copy them: with a label, in groups, in small or wide letters, with marks that cannot be seen.
const LABEL = /^IBAN\s*:?\s*/i;
const UNSEEN = /[\s\p{Cf}]/gu;

/**
 * Reads the account of a payee. An IBAN (ISO 13616) comes out as banks exchange it: capitals and digits, nothing between. Other
 * accounts, of countries without IBANs and of wallets, are kept as written.
 */
export function readBankAccount(text: string): BankAccount {
  const plain = text.normalize('NFKC').trim();
  const unlabelled = plain.replace(LABEL, '');
  const account = electronicFormatIBAN(unlabelled.replaceAll(UNSEEN, '')) ?? '';
  const isCalledIban = unlabelled !== plain;
  const hasIbans = countrySpecs[account.slice(0, 2)]?.chars != null;
  if (!isCalledIban && !(LIKE_AN_IBAN.test(account) && hasIbans)) {
    return { kind: 'other', account: text };
  }
  const { valid, errorCodes } = validateIBAN(account);
  return valid ? { kind: 'iban', account } : { kind: 'bad-iban', account, fault: describe(account, errorCodes) };
}

function describe(account: string, errors: readonly ValidationErrorsIBAN[]): string {
  const country = account.slice(0, 2);
  const length = countrySpecs[country]?.chars;
  if (length == null) {
    return `${account} is not an IBAN: ${country} has none`;
  }
  if (errors.includes(ValidationErrorsIBAN.WrongBBANLength)) {
    return `${account} is not an IBAN: those of ${country} have ${length} characters, this has ${account.length}`;
  }
  if (errors.includes(ValidationErrorsIBAN.WrongBBANFormat)) {
    return `${account} is not an IBAN: digits and letters are not where ${country} has them`;
  }
  return `${account} is not an IBAN: its check digits do not fit (modulo 97), so a character is wrong`;
}
