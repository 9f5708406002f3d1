import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.ts';
import { MAX_LISTED } from '../../reports/run-summary/run-summary-pdf.ts';
import { MAX_MOVEMENTS } from '../../reports/statement/statement-pdf.ts';
import { composeReports, openTestBooks, type TestBooks } from '../../service/test-books.ts';
import { describeWith, runOnFile } from '../test-tools.ts';

// Likes of 2025-09, of 12345678901234567.890 KWD: as many hundredths.
const CREATORS = [
  { creatorId: 'ann', likes: 40, payee: 'Ann Ångström-Đặng प्रियंका 김민준 น้ำ', taxCountry: 'ID' },
  { creatorId: 'mhd', likes: 20, payee: 'محمد بن سلمان (MBS)', taxCountry: 'KW' },
  { creatorId: 'nat', likes: 15, payee: 'Наталья Ελένη ნინო', taxCountry: 'ID' },
  { creatorId: 'yuki', likes: 15, payee: '宮本 雪 \u{1f3a4}', taxCountry: 'JP' },
  { creatorId: `y${'y'.repeat(126)}z`, likes: 9, payee: 'W'.repeat(128), taxCountry: 'ID' },
  { creatorId: 'zed', likes: 1, payee: undefined, taxCountry: 'ID' },
] as const;
const MANY = 80;

let database: TestDatabase;
let service: Composed;
let books: TestBooks;
let headers: { authorization: string };

beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'demo', {
    name: 'Kuwait Reels & Co',
    currency: 'KWD',
    revenueShare: '1',
    payout: { holdback: { share: '0.1', periods: 1 }, withholding: { ID: '0.1' } },
  });
  headers = await books.key(['read', 'read:payments']);
  const { sql, programId } = books;
  await books.creators(
    CREATORS.map(({ creatorId, payee, taxCountry }) => ({
      creatorId,
      taxCountry,
      ...(payee === undefined ? {} : { payee }),
    })),
  );
  await sql`UPDATE creator SET account = 'KW81CBKU0000000000001234560101', handle = '@' || left(creator_id, 9) WHERE program_id = ${programId}`;
  await books.revenue('2025-09', '12345678901234567.890');
  await books.close(
    '2025-09',
    CREATORS.map(({ creatorId, likes }) => ({ creatorId, netLikes: likes, netFollows: 0 })),
  );
  await sql`SELECT post_holdbacks(${programId}), draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
  await sql`SELECT approve_run(${programId}, '2025-09-1', content_hash, '2025-10-01', encode(sha256('ben'), 'hex')) FROM payout_run WHERE program_id = ${programId}`;
  await sql`SELECT return_payout(${programId}, '2025-09-1', 'yuki', 'account closed', '2025-10-02', encode(sha256('ben'), 'hex'))`;
  await sql`SELECT export_run(${programId}, '2025-09-1', encode(sha256('ada'), 'hex')), settle_run(${programId}, '2025-09-1', 'BANK-77', '2025-10-03', encode(sha256('ben'), 'hex'))`;
  await books.revenue('2025-10', '50.000');
  await books.tally('2025-10', 'ann', 3, 0);
  await many();
  service = await composeReports(database);
});

/** A program with more payouts than a page holds. */
async function many(): Promise<void> {
  const big = await openTestBooks(database.ownerUrl, 'many', { revenueShare: '1' });
  const ids = Array.from({ length: MANY }, (_, n) => `creator-${String(n).padStart(4, '0')}`);
  await big.creators(ids.map((creatorId) => ({ creatorId, payee: `Payee of ${creatorId}`, taxCountry: 'ID' })));
  await big.revenue('2025-09', '1500000.00');
  await big.close(
    '2025-09',
    ids.map((creatorId) => ({ creatorId, netLikes: 1, netFollows: 0 })),
  );
  await big.sql`SELECT draft_run(${big.programId}, encode(sha256('ada'), 'hex'))`;
  await big.end();
}

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.end();
  await database?.drop();
});

async function pdf(path: string): Promise<Buffer> {
  const answer = await service.app.inject({ url: `/v1/programs/${path}`, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.headers['content-type']).toBe('application/pdf');
  return answer.rawPayload;
}

const STATEMENT = 'demo/reports/statement?creator=ann&format=pdf';
const RUN = 'demo/reports/payout-run?run=2025-09-1';

/** What poppler makes of a document. */
const poppler = (content: Buffer, ...[tool, ...args]: readonly [string, ...string[]]): string => {
  const { code, stdout, stderr } = runOnFile(content, 'pdf', (path) => [
    tool,
    ...args,
    path,
    ...(tool === 'pdftotext' ? ['-'] : []),
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describeWith(['pdfinfo', 'pdftotext', 'pdffonts'], 'as PDF, read by poppler', () => {
  it('a statement has every line of the JSON, exactly', async () => {
    const json = await service.app.inject({ url: `/v1/programs/${STATEMENT.replace('pdf', 'json')}`, headers });
    const text = poppler(await pdf(STATEMENT), 'pdftotext', '-raw');
    for (const row of json.json().rows) {
      for (const column of ['amount', 'balance', 'reason', 'entry_key', 'effective_at']) {
        if (row[column] !== null) {
          expect(text).toContain(row[column]);
        }
      }
    }
    for (const part of ['Ann Ångström-Đặng', '@ann', 'Kuwait Reels & Co (demo)', 'Page 1 of 1', 'Not earned yet']) {
      expect(text).toContain(part);
    }
  });

  it('a run has its hash, who decided what, its totals and its payouts', async () => {
    const { sql, programId } = books;
    const [run] = await sql<{ hash: string; entry: string; gross: string; settled: string }[]>`
      SELECT r.content_hash AS hash, e.hash AS entry, r.gross::text, r.settled::text
      FROM payout_run r JOIN journal_entry e USING (program_id, entry_key) WHERE r.program_id = ${programId}`;
    const text = poppler(await pdf(RUN), 'pdftotext', '-raw');
    for (const part of Object.values(run ?? {})) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/^Drafted ada 2\d{3}-/m);
    expect(text).toMatch(/^Approved ben 2\d{3}-/m);
    expect(text).toMatch(/^Payout came back ben .* 2025-09-1-4 yuki: account closed$/m);
    expect(text).toContain('incomplete: payee or tax country missing');
    const payouts = await sql<{ gross: string; withheld: string; net: string }[]>`
      SELECT gross::text, withheld::text, net::text FROM payout WHERE program_id = ${programId} AND status = 'due'`;
    const unbroken = text.replaceAll('\n', '');
    for (const { gross, withheld, net } of payouts) {
      for (const amount of [gross, withheld, net]) {
        expect(unbroken).toContain(amount);
      }
    }
    expect(text).toContain('Наталья Ελένη ნინო');
    expect(text).toContain('宮本 雪 \u{1f3a4}');
    expect(poppler(await pdf(RUN), 'pdftotext')).toContain('محمد بن سلمان');
    expect(text).toContain('प्रियंका 김민준 น้ำ');
  });

  it('is tagged, titled and numbered, with its fonts in it', async () => {
    const many = await pdf('many/reports/payout-run?run=2025-09-1&format=pdf');
    const info = poppler(many, 'pdfinfo');
    const pages = Number(/^Pages: +(\d+)$/m.exec(info)?.[1]);
    expect(pages).toBeGreaterThan(2);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^Title: +Payout run 2025-09-1 of many$/m);
    const numbers = poppler(many, 'pdftotext', '-raw').match(/Page \d+ of \d+/g);
    expect(numbers).toEqual(Array.from({ length: pages }, (_, n) => `Page ${n + 1} of ${pages}`));
    const structure = poppler(many, 'pdfinfo', '-struct-text');
    expect(structure.match(/^ *TH /gm)).toHaveLength(5 + 4 + 5 + 6);
    expect(structure.match(/^ *TR/gm)?.length).toBeGreaterThan(MANY);
    expect(structure).toContain('"Payee of creator-0079 creator creator-0079"');
    const fonts = poppler(many, 'pdffonts').trimEnd().split('\n').slice(2);
    expect(fonts.map((font) => font.split(/ +/).slice(-5, -2))).toEqual(fonts.map(() => ['yes', 'yes', 'yes']));
    expect(poppler(many, 'pdftotext', '-raw')).toContain('DRAFT. Not approved');
  });
});

it('has the same bytes every time, and the date of what it says', async () => {
  for (const path of [RUN, 'demo/reports/statement?creator=ann&period=2025-09&format=pdf']) {
    expect((await pdf(path)).equals(await pdf(path))).toBe(true);
  }
  const dated = await pdf(`${STATEMENT}&asOf=2100-01-02T03:04:05Z`);
  expect(dated.toString('latin1')).toContain('(D:21000102030405Z)');
});

it('has limits: long statements are refused, long runs are not listed payout by payout', async () => {
  const { sql, programId } = books;
  await sql`
    INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
    SELECT ${programId}, e.entry_id, 100 + n, 'busy', 'creator:busy:payable', 0
    FROM journal_entry e, generate_series(1, ${MAX_MOVEMENTS + 1}::integer) AS n
    WHERE e.program_id = ${programId} AND e.kind = 'close'`;
  const url = '/v1/programs/demo/reports/statement?creator=busy&format=pdf';
  expect((await service.app.inject({ url, headers })).json()).toMatchObject({ status: 413, code: 'too-large' });
  await sql`UPDATE payout_run SET payout_count = ${MAX_LISTED + 1} WHERE run_id = '2025-09-1' AND program_id <> ${programId}`;
  const short = await pdf('many/reports/payout-run?run=2025-09-1');
  expect(short.toString('latin1').match(/\/Type \/Page$/gm)).toHaveLength(1);
});

it('says before the first byte what it cannot be made of, and which formats there are', async () => {
  const get = async (path: string) => {
    const { statusCode, body } = await service.app.inject({ url: `/v1/programs/demo/reports/${path}`, headers });
    const { code, errors } = JSON.parse(body);
    return [statusCode, code, ...(errors === undefined ? [] : [errors[0].message])];
  };
  expect(await get('payout-run?run=2025-09-7')).toEqual([404, 'run-unknown']);
  expect(await get('statement?creator=nobody&format=pdf')).toEqual([404, 'creator-unknown']);
  expect(await get('payouts?format=pdf')).toEqual([
    400,
    'invalid-request',
    'payouts comes as json, csv, xlsx; pdf is a format of statement, payout-run',
  ]);
  expect(await get('trial-balance?format=hledger')).toEqual([
    400,
    'invalid-request',
    'trial-balance comes as json, csv, xlsx; hledger is a format of journal',
  ]);
});
