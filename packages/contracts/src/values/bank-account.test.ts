import { describe, expect, it } from 'vitest';
import { readBankAccount } from './bank-account.ts';

describe('readBankAccount', () => {
  it.each([
    ['DE89370400440532013000', 'DE89370400440532013000'],
    ['DE89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['de89370400440532013000', 'DE89370400440532013000'],
    ['IBAN:NL91ABNA0417164300', 'NL91ABNA0417164300'],
    ['iban NL91 ABNA 0417 1643 00', 'NL91ABNA0417164300'],
    ['\u00a0GB82\u00a0WEST\u200b1234 5698 7654 32 ', 'GB82WEST12345698765432'],
    ['ＧＢ８２WEST12345698765432', 'GB82WEST12345698765432'],
    ['NO9386011117947', 'NO9386011117947'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
    ['BR1800360305000010009795493C1', 'BR1800360305000010009795493C1'],
  ])('knows the IBAN in %j', (text, account) => {
    expect(readBankAccount(text)).toEqual({ kind: 'iban', account });
  });

  it.each([
    ['DE89370400440532013001', 'modulo 97'],
    ['de89 3704 0044 0532 0130 01', 'modulo 97'],
    ['DE8937040044053201300', 'have 22 characters, this has 21'],
    ['DE89370400440532O13000', 'not where DE has them'],
    ['IBAN US12 3456 7890 1234', 'US has none'],
    ['IBAN: unknown', 'is not an IBAN'],
  ])('refuses %j, saying why', (text, why) => {
    expect(readBankAccount(text)).toMatchObject({ kind: 'bad-iban', fault: expect.stringContaining(why) });
  });

  it.each([
    '+628123456789',
    'ID-2276650364',
    'US12ABCDEFGHIJKLMN',
    'DE12',
    '@evil',
    ' 4 ',
    '1'.repeat(34),
    'ID-١٢٣',
    '.',
    '..',
  ])('keeps %j unchanged: it is not an IBAN and not meant as one', (account) => {
    expect(readBankAccount(account)).toEqual({ kind: 'other', account });
  });
});
