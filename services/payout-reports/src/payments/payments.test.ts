import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Composed } from '@rewardbook/runtime/serve';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { describeWith, runOnFile } from '../formats/test-tools.ts';
import { composeReports, openTestBooks, type TestBooks } from '../service/test-books.ts';
import { amountFault } from './pain001.ts';

const SCHEMA = fileURLToPath(new URL('./pain.001.001.09.test.xsd', import.meta.url));
const IBAN = 'GB82WEST12345698765432';
const PAYEES = [
  { creatorId: 'a', payee: `<O'Neil> & "Sons" ]]>`, account: IBAN },
  { creatorId: 'b', payee: '=cmd|calc', account: '+628123456789' },
  { creatorId: 'c', payee: '宮本 \u{1f3a4}', account: '@evil' },
  { creatorId: 'd', payee: 'ß'.repeat(128), account: '1'.repeat(34) },
] as const;

// In Jakarta it is October already.
const NOW = Date.parse('2025-09-30T18:00:00Z');
let database: TestDatabase;
let service: Composed;
let headers: { authorization: string };
let sql: TestBooks['sql'];
const books: TestBooks[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  service = await composeReports(database, () => NOW);
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  for (const book of books) {
    await book.end();
  }
  await database?.drop();
});

interface Payee {
  readonly creatorId: string;
  readonly payee: string;
  readonly account: string | null;
}

/** A program with a run over its first period; a creator's part is its place in the list. */
async function openRun(program: string, currency: string, revenue: string, payees: readonly Payee[]): Promise<number> {
  const book = await openTestBooks(database.ownerUrl, program, {
    currency,
    revenueShare: '1',
    name: 'Rewards & Co',
    payout: { withholding: { ID: '0.1', XX: '1' } },
  });
  books.push(book);
  sql = book.sql;
  headers ??= await book.key(['read', 'read:payments']);
  await book.creators(
    payees.map(({ creatorId, payee }) => ({ creatorId, payee, taxCountry: creatorId === 'z' ? 'XX' : 'ID' })),
  );
  for (const { creatorId, account } of payees) {
    await sql`UPDATE creator SET account = ${account} WHERE program_id = ${book.programId} AND creator_id = ${creatorId}`;
  }
  await book.revenue('2025-09', revenue);
  const counts = payees.map(({ creatorId }, index) => ({ creatorId, netLikes: index + 1, netFollows: 0 }));
  await book.close('2025-09', counts);
  await sql`SELECT draft_run(${book.programId}, encode(sha256('ada'), 'hex'))`;
  return book.programId;
}

async function approve(programId: number): Promise<void> {
  await sql`SELECT approve_run(${programId}, '2025-09-1', content_hash, '2025-10-01', encode(sha256('ben'), 'hex')) FROM payout_run WHERE program_id = ${programId}`;
}

async function returnPayout(programId: number, creatorId: string): Promise<void> {
  await sql`SELECT return_payout(${programId}, '2025-09-1', ${creatorId}, 'no', '2025-10-02', encode(sha256('ada'), 'hex'))`;
}

const get = (program: string, query: string, path = '') =>
  service.app.inject({ url: `/v1/programs/${program}/reports/payments${path}?run=2025-09-1&${query}`, headers });
const PAIN = 'format=pain001&executionDate=2025-10-05';

describe('payments as CSV', () => {
  it('are what the run pays, with formulas escaped and accounts unchanged', async () => {
    await approve(await openRun('csv', 'KWD', '100.000', PAYEES));
    const answer = await get('csv', 'format=csv');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="csv-payments-2025-09-1-KWD.csv"');
    const rows: Record<string, string>[] = parse(answer.body, { columns: true });
    expect(rows.map((row) => [row.payment_id, row.payee, row.account, row.amount, row.withheld, row.currency])).toEqual(
      [
        ['2025-09-1-1', PAYEES[0].payee, IBAN, '9.000', '1.000', 'KWD'],
        ['2025-09-1-2', "'=cmd|calc", '+628123456789', '18.000', '2.000', 'KWD'],
        ['2025-09-1-3', PAYEES[2].payee, "'@evil", '27.000', '3.000', 'KWD'],
        ['2025-09-1-4', PAYEES[3].payee, '1'.repeat(34), '36.000', '4.000', 'KWD'],
      ],
    );
  });

  it('have a manifest with their count, sum and hash', async () => {
    const { rawPayload } = await get('csv', 'format=csv');
    expect((await get('csv', 'format=csv', '/manifest')).json()).toMatchObject({
      run: '2025-09-1',
      status: 'approved',
      entryKey: 'payout-run:2025-09-1',
      files: [
        {
          payments: 4,
          controlSum: '90.000',
          bytes: rawPayload.length,
          sha256: createHash('sha256').update(rawPayload).digest('hex'),
        },
      ],
    });
  });

  it('leave out what came back and payouts that are all tax, and mark nothing', async () => {
    const payees = [...PAYEES.slice(0, 2), { creatorId: 'z', payee: 'Zoe', account: 'z' }];
    const programId = await openRun('back', 'IDR', '600.00', payees);
    await approve(programId);
    await returnPayout(programId, 'a');
    const { files } = (await get('back', 'format=csv', '/manifest')).json();
    expect(files[0]).toMatchObject({ payments: 1, controlSum: '180.00' });
    expect(await sql`SELECT status FROM payout_run WHERE program_id = ${programId}`).toEqual([{ status: 'approved' }]);
    await returnPayout(programId, 'b');
    expect((await get('back', 'format=csv')).json().code).toBe('nothing-due');
  });

  it('are refused for a run that is not approved, or settled already', async () => {
    const programId = await openRun('draft', 'IDR', '100.00', PAYEES);
    for (const path of ['', '/manifest']) {
      expect((await get('draft', 'format=csv', path)).json()).toMatchObject({ status: 409, code: 'run-not-approved' });
      expect((await get('draft', PAIN, path)).json().code).toBe('run-not-approved');
    }
    await approve(programId);
    await sql`SELECT export_run(${programId}, '2025-09-1', encode(sha256('ada'), 'hex'))`;
    expect((await get('draft', 'format=csv')).statusCode).toBe(200);
    await sql`SELECT settle_run(${programId}, '2025-09-1', NULL, '2025-10-03', encode(sha256('ada'), 'hex'))`;
    expect((await get('draft', 'format=csv')).json().code).toBe('run-not-approved');
    const unknown = await service.app.inject({ url: '/v1/programs/draft/reports/payments?run=2025-09-7', headers });
    expect(unknown.json().code).toBe('run-unknown');
  });
});

describe('pain.001', () => {
  it('refuses accounts that the format does not allow, naming the payments', async () => {
    const payees = [
      { creatorId: 'a', payee: 'A', account: null },
      { creatorId: 'b', payee: 'B', account: '1'.repeat(35) },
      { creatorId: 'c', payee: 'C\ufffe', account: 'x' },
      { creatorId: 'd', payee: 'D', account: 'x' },
    ];
    await approve(await openRun('faults', 'IDR', '100.00', payees));
    const { code, errors } = (await get('faults', PAIN)).json();
    expect(code).toBe('not-acceptable');
    expect(errors.map((error: { path: string }) => error.path)).toEqual(['2025-09-1-1', '2025-09-1-2', '2025-09-1-3']);
    expect((await get('faults', 'format=csv')).statusCode).toBe(200);
  });

  it('has amounts of 18 digits and no more', () => {
    expect(amountFault('1234567890123456.78')).toBeUndefined();
    expect(amountFault('12345678901234567.89')).toBeDefined();
  });

  it('pays today where the program is, or on a later date, and never in the past', async () => {
    const dateOf = async (query: string) => /<ReqdExctnDt><Dt>(.*?)</.exec((await get('csv', query)).body)?.[1];
    expect(await dateOf('format=pain001')).toBe('2025-10-01');
    expect((await get('csv', 'format=pain001', '/manifest')).json()).toMatchObject({ executionDate: '2025-10-01' });
    expect(await dateOf(PAIN)).toBe('2025-10-05');
    expect(await dateOf('format=pain001&executionDate=2025-10-01')).toBe('2025-10-01');
    for (const path of ['', '/manifest']) {
      const past = await get('csv', 'format=pain001&executionDate=2025-09-30', path);
      expect([past.statusCode, past.json().detail, past.json().errors[0].message]).toEqual([
        400,
        'The bank cannot pay in the past',
        '2025-09-30 is over: it is 2025-10-01 in Asia/Jakarta',
      ]);
    }
  });

  it('writes IBANs as banks exchange them, and names invalid ones', async () => {
    const payees = [
      { creatorId: 'bad', payee: 'Typo', account: 'DE89370400440532013001' },
      { creatorId: 'lc', payee: 'Lower', account: 'de89370400440532013000' },
      { creatorId: 'pre', payee: 'Prefixed', account: 'IBAN:NL91ABNA0417164300' },
      { creatorId: 'sp', payee: 'Spaces', account: 'DE89 3704 0044 0532 0130 00' },
    ];
    const programId = await openRun('ibans', 'IDR', '100.00', payees);
    await approve(programId);
    const refused = await get('ibans', PAIN);
    expect([refused.statusCode, refused.json().errors]).toEqual([
      406,
      [
        {
          path: '2025-09-1-1',
          message: expect.stringMatching(/^the account of bad: DE89.*3001 is not an IBAN.*modulo 97/),
        },
      ],
    ]);
    await returnPayout(programId, 'bad');
    const { body } = await get(
      'ibans',
      `${PAIN}&debtorAccount=gb82%20west%201234%205698%207654%2032&debtorBic=bukb%20gb22`,
    );
    expect([...body.matchAll(/<IBAN>(.*?)</g)].map(([, iban]) => iban)).toEqual([
      'GB82WEST12345698765432',
      'DE89370400440532013000',
      'NL91ABNA0417164300',
      'DE89370400440532013000',
    ]);
    expect(body).toContain('<BICFI>BUKBGB22</BICFI>');
  });

  it.each([
    'debtorAccount=DE89370400440532013001',
    'debtorAccount=IBAN%20x',
    'debtorAccount=%3Cx%3E',
    'debtorBic=DEUTXXFF',
    'debtorBic=1234DEFF',
    'debtorBic=DEUTDE',
  ])('refuses %s', async (query) => {
    expect((await get('csv', `${PAIN}&${query}`)).json()).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  it('is the same for the same order, and another message for another', async () => {
    const messageId = async (query: string) => /<MsgId>(.*?)</.exec((await get('csv', query)).body)?.[1];
    const first = await messageId(PAIN);
    expect(first).toMatch(/^2025-09-1-[0-9a-f]{10}$/);
    expect(await messageId(PAIN)).toBe(first);
    expect(await messageId(`${PAIN}&debtorAccount=X1`)).not.toBe(first);
    expect(await messageId(PAIN.replace('05', '06'))).not.toBe(first);
  });

  describeWith(['xmllint'], 'read by xmllint', () => {
    const xpath = (xml: string, path: string) =>
      runOnFile(xml, 'xml', (file) => [
        'xmllint',
        '--xpath',
        path.replaceAll(/\/(?=[A-Z])(\w+)/g, "/*[local-name()='$1']"),
        file,
      ]).stdout;

    it.each([
      ['csv', 'KWD', '90.000', ''],
      ['yen', 'JPY', '900', `&debtorName=A%26B&debtorAccount=${IBAN}&debtorBic=BOTKJPJT`],
      ['large', 'IDR', '9007199254740993.17', ''],
    ])('of %s in %s is valid, and says what the run does', async (program, currency, sum, order) => {
      if (program === 'yen') {
        await approve(await openRun(program, currency, '1000', PAYEES));
      }
      if (program === 'large') {
        await approve(await openRun(program, currency, '10007999171934436.87', PAYEES));
      }
      const { body } = await get(program, PAIN + order);
      const { stderr, code } = runOnFile(body, 'xml', (file) => ['xmllint', '--noout', '--schema', SCHEMA, file]);
      expect({ code, stderr: stderr.split('\n')[0] }).toEqual({
        code: 0,
        stderr: expect.stringContaining('validates'),
      });
      const found = (path: string) => xpath(body, `string(/Document/CstmrCdtTrfInitn${path})`).trimEnd();
      for (const block of ['/GrpHdr', '/PmtInf']) {
        expect(found(`${block}/CtrlSum`)).toBe(sum);
        expect(found(`${block}/NbOfTxs`)).toBe('4');
      }
      for (const [index, { payee, account }] of PAYEES.entries()) {
        const payment = `/PmtInf/CdtTrfTxInf[${index + 1}]`;
        expect(found(`${payment}/Cdtr/Nm`)).toBe(payee);
        expect(found(`${payment}/CdtrAcct/Id`)).toBe(account);
        expect(found(`${payment}/PmtId/EndToEndId`)).toBe(`2025-09-1-${index + 1}`);
        expect(found(`${payment}/Amt/InstdAmt/@Ccy`)).toBe(currency);
      }
      const rows: { amount: string }[] = parse((await get(program, 'format=csv')).body, { columns: true });
      const amounts = rows.map((_, index) => found(`/PmtInf/CdtTrfTxInf[${index + 1}]/Amt/InstdAmt`));
      expect(amounts).toEqual(rows.map(({ amount }) => amount));
      const manifest = (await get(program, PAIN + order, '/manifest')).json();
      expect(manifest.files[0]).toMatchObject({
        controlSum: sum,
        sha256: createHash('sha256').update(body).digest('hex'),
      });
    });

    it('would not be valid with too long an amount, too long an id or an element out of place', async () => {
      const { body } = await get('csv', PAIN);
      for (const [from, to] of [
        ['9.000</InstdAmt>', '9.0000001</InstdAmt>'],
        ['<EndToEndId>', `<EndToEndId>${'x'.repeat(35)}`],
        [/<Amt>.*?<\/Amt>/, ''],
      ] as const) {
        const { code } = runOnFile(body.replace(from, to), 'xml', (file) => [
          'xmllint',
          '--noout',
          '--schema',
          SCHEMA,
          file,
        ]);
        expect(code).not.toBe(0);
      }
    });
  });
});
