import { createHash } from 'node:crypto';
import { readBankAccount } from '@rewardbook/contracts/values/bank-account';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ReportContext } from '../service/report-context.ts';
import { controlSum, type PaymentRun, paymentId, paymentsOf } from './payment-run.ts';
import type { PaymentRow } from './sql.ts';

/** Who pays, and when. */
export interface PaymentOrder {
  /** `YYYY-MM-DD` */
  readonly executionDate: string;
  readonly debtorName: string | undefined;
  readonly debtorAccount: string | undefined;
  readonly debtorBic: string | undefined;
}

/**
 * ISO 20022's types: amounts have 18 digits in all, 5 of them decimals; an account that is not an IBAN has 34
 * characters.
 */
const MAX_DIGITS = 18;
const MAX_DECIMALS = 5;
const MAX_ACCOUNT = 34;
// What XML 1.0 cannot contain and our identifiers can.
const NOT_XML = /[\ufffe\uffff]/u;
const UNKNOWN = 'NOTPROVIDED';

/** Why a payment cannot be written; the decimals of a currency are at most four. */
export function pain001Fault(row: PaymentRow): string | undefined {
  if (row.account === null) {
    return `${row.creatorId} has no account`;
  }
  const read = readBankAccount(row.account);
  if (read.kind === 'bad-iban') {
    return `the account of ${row.creatorId}: ${read.fault}`;
  }
  if ([...read.account].length > MAX_ACCOUNT) {
    return `the account of ${row.creatorId} is longer than ${MAX_ACCOUNT} characters`;
  }
  if (NOT_XML.test(row.payee + row.account)) {
    return `payee or account of ${row.creatorId} has a character that XML cannot have`;
  }
  return amountFault(row.net);
}

/** Why an amount cannot be written, or undefined. */
export function amountFault(amount: string): string | undefined {
  const [whole = '', decimals = ''] = amount.split('.');
  const fits = whole.length + decimals.length <= MAX_DIGITS && decimals.length <= MAX_DECIMALS;
  return fits ? undefined : `${amount} has more than ${MAX_DIGITS} digits`;
}

/**
 * A customer credit transfer initiation, ISO 20022 pain.001.001.09, piece by piece: one payment information block in
 * the program's currency. The same run, order and payments give the same bytes, and so the same message id, by which a
 * bank recognizes a duplicate.
 */
export async function* pain001(
  context: ReportContext,
  run: PaymentRun,
  order: PaymentOrder,
): AsyncGenerator<string, void, undefined> {
  const { currency } = context.program;
  const name = order.debtorName ?? run.programName;
  const sums = `<NbOfTxs>${run.paymentCount}</NbOfTxs><CtrlSum>${controlSum(context, run)}</CtrlSum>`;
  const messageId = messageIdOf(context, run, order);
  yield `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
<CstmrCdtTrfInitn>
<GrpHdr><MsgId>${messageId}</MsgId><CreDtTm>${run.approvedAt.toISOString()}</CreDtTm>${sums}<InitgPty><Nm>${xml(name, 140)}</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>${messageId}</PmtInfId><PmtMtd>TRF</PmtMtd>${sums}<ReqdExctnDt><Dt>${order.executionDate}</Dt></ReqdExctnDt>
<Dbtr><Nm>${xml(name, 140)}</Nm></Dbtr><DbtrAcct>${account(order.debtorAccount ?? UNKNOWN)}<Ccy>${currency.code}</Ccy></DbtrAcct>
<DbtrAgt><FinInstnId>${order.debtorBic === undefined ? `<Othr><Id>${UNKNOWN}</Id></Othr>` : `<BICFI>${order.debtorBic}</BICFI>`}</FinInstnId></DbtrAgt>
`;
  for await (const rows of paymentsOf(context, run)) {
    yield rows
      .map((row) => {
        const id = paymentId(run, row);
        const amount = formatAmount(parseAmount(row.net, currency), currency);
        return (
          `<CdtTrfTxInf><PmtId><InstrId>${id}</InstrId><EndToEndId>${id}</EndToEndId></PmtId>` +
          `<Amt><InstdAmt Ccy="${currency.code}">${amount}</InstdAmt></Amt><Cdtr><Nm>${xml(row.payee, 140)}</Nm></Cdtr>` +
          `<CdtrAcct>${account(row.account ?? UNKNOWN)}</CdtrAcct>` +
          `<RmtInf><Ustrd>${xml(`${context.program.slug} ${id}`, 140)}</Ustrd></RmtInf></CdtTrfTxInf>\n`
        );
      })
      .join('');
  }
  yield '</PmtInf>\n</CstmrCdtTrfInitn>\n</Document>\n';
}

/** At most 35 characters: the run's id has 24. */
function messageIdOf({ program }: ReportContext, run: PaymentRun, order: PaymentOrder): string {
  const parts = [
    program.slug,
    run.paymentsHash,
    order.executionDate,
    order.debtorName,
    order.debtorAccount,
    order.debtorBic,
  ];
  return `${run.runId}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 10)}`;
}

function account(text: string): string {
  const read = readBankAccount(text);
  if (read.kind === 'iban') {
    return `<Id><IBAN>${read.account}</IBAN></Id>`;
  }
  return `<Id><Othr><Id>${xml(read.account, MAX_ACCOUNT)}</Id></Othr></Id>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text of an element, cut to at most `most` characters. */
function xml(value: string, most: number): string {
  return [...value]
    .slice(0, most)
    .join('')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
