import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeNow, programOf, testPolicy } from './test-support/books.ts';
import { openProgram } from './test-support/scenario.ts';
import { type Answer, type Method, openService, type TestService } from './test-support/service.ts';

// What the API refuses, with a reason and nothing written: of a program that has closed one period.

let service: TestService;
let keys: { readonly operate: string; readonly read: string };
const policy = testPolicy();
const BASE = '/v1/programs/books';

beforeAll(async () => {
  service = await openService();
  keys = { operate: await service.rootKey('operate', ['operate']), read: await service.rootKey('read', ['read']) };
  await openProgram(service.books, 'books');
  await closeNow(service.books, 'books', '2024-10');
});
afterAll(() => service.close());

function call(method: Method, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const key = method === 'GET' ? keys.read : keys.operate;
  return service.call(key, method, url.startsWith('/') ? url : `${BASE}/${url}`, body, headers);
}

const refused: [string, () => ReturnType<typeof call>, number, string][] = [
  ['an unknown program', () => call('GET', '/v1/programs/none/periods'), 404, 'program-unknown'],
  ['an unknown key of a policy', () => call('PUT', BASE, { ...policy, extra: 1 }), 400, 'invalid-request'],
  ['a policy of another program', () => call('PUT', '/v1/programs/other', policy), 400, 'bad-policy'],
  ['another currency', () => call('PUT', BASE, { ...policy, currency: 'USD' }), 409, 'program-fixed'],
  ['an unknown currency', () => call('PUT', BASE, { ...policy, currency: 'XXQ' }), 400, 'invalid-request'],
  ['an unknown time zone', () => call('PUT', BASE, { ...policy, timeZone: 'Mars/Base' }), 400, 'invalid-request'],
  [
    'boosts of points with a method that has none',
    () => {
      const boosts = [{ name: 'rising', when: { minFollowers: 1 }, multiplier: '2' }];
      return call('PUT', BASE, { ...policy, allocation: { method: 'equal' }, boosts });
    },
    400,
    'invalid-request',
  ],
  [
    'malformed JSON',
    () => call('POST', 'revenue', '{"period":', { 'content-type': 'application/json' }),
    400,
    'bad-json',
  ],
  [
    'too many decimals',
    () => call('POST', 'revenue', { period: '2024-11', amount: '1.001', reference: 'x' }),
    400,
    'bad-amount',
  ],
  [
    'an amount without quotes',
    () => call('POST', 'revenue', { period: '2024-11', amount: 1, reference: 'x' }),
    400,
    'invalid-request',
  ],
  [
    'a period of another kind',
    () => call('POST', 'revenue', { period: '2024-W43', amount: '1', reference: 'x' }),
    400,
    'bad-period',
  ],
  [
    'a year that was mistyped',
    () => call('POST', 'revenue', { period: '0001-10', amount: '0.00', reference: 'x' }),
    400,
    'bad-period',
  ],
  ['a month that does not exist', () => call('POST', 'periods/2024-13/close'), 400, 'invalid-request'],
  [
    'revenue for a closed period',
    () => call('POST', 'revenue', { period: '2024-10', amount: '1', reference: 'x' }),
    409,
    'period-closed',
  ],
  [
    'a correction of nothing',
    () => call('POST', 'revenue', { period: '2024-11', amount: '-1', reference: 'x', corrects: 'revenue:none' }),
    409,
    'corrects-unknown',
  ],
  ['closing twice', () => call('POST', 'periods/2024-10/close'), 409, 'period-closed'],
  ['a close out of order', () => call('POST', 'periods/2024-09/close'), 409, 'close-out-of-order'],
  ['a close in the future', () => call('POST', 'periods/2999-01/close'), 409, 'period-not-over'],
  ['a dry run out of order', () => call('POST', 'periods/2027-03/close?dryRun=true'), 409, 'close-out-of-order'],
  ['a dry run of a closed period', () => call('POST', 'periods/2024-10/close?dryRun=true'), 409, 'period-closed'],
  ['the result of an open period', () => call('GET', 'periods/2024-11/result'), 409, 'not-closed'],
  [
    'a CSV without creatorId',
    () => call('POST', 'creators', 'handle\nx\n', { 'content-type': 'text/csv' }),
    400,
    'bad-creators',
  ],
  ['a creator twice', () => call('POST', 'creators', [{ creatorId: 'c9' }, { creatorId: 'c9' }]), 400, 'bad-creators'],
  [
    'creators as XML',
    () => call('POST', 'creators', '<a/>', { 'content-type': 'text/xml' }),
    415,
    'unsupported-media-type',
  ],
  ['a cursor of another list', () => call('GET', 'journal?cursor=WyJhIl0'), 400, 'bad-cursor'],
  ['an unknown entry', () => call('GET', 'journal/close:1999-01'), 404, 'not-found'],
  ['a wrong key', () => call('GET', 'periods', undefined, { authorization: 'Bearer rb_wrong' }), 401, 'unauthorized'],
  [
    'a missing scope',
    () => call('GET', 'periods', undefined, { authorization: `Bearer ${keys.operate}` }),
    403,
    'forbidden',
  ],
];

it.each(refused)('%s', async (_what, ask, status, code) => {
  const before = await state();
  const answer = await ask();
  expect([answer.status, answer.json().code]).toEqual([status, code]);
  expect(answer.json().detail).toMatch(/\w/);
  expect(await state()).toEqual(before);
});

async function state() {
  const { programId } = await programOf(service.books, 'books');
  const [row] = await service.books.sql`
    SELECT (SELECT seq FROM program_head WHERE program_id = ${programId}) AS seq, (SELECT count(*) FROM program) AS programs,
           (SELECT count(*) FROM policy_version) AS policies, (SELECT count(*) FROM creator) AS creators,
           (SELECT count(*) FROM revenue) AS revenue, (SELECT count(*) FROM close) AS closes`;
  return row;
}
