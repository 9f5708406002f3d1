import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { runCommand } from '../../../../../test/support/test-command.ts';
import { split } from './allocate.ts';

const allocate = (stdin: string, ...args: string[]) => runCommand(['allocate', ...args], { stdin });

it('answers id,amount in the order of the input, ties to the smaller id in bytes', async () => {
  // Three equal remainders and two units left: 'Z' < 'a' < 'é' in bytes, whatever the order of the rows.
  expect(await allocate('é,1\nZ,1\na,1\n', '--amount', '5')).toEqual({
    code: 0,
    stdout: 'é,1\nZ,2\na,2\n',
    stderr: '',
  });
});

it('takes decimal weights, and answers a header with one', async () => {
  const run = await allocate('id,weight\na,60\nb,35.5\nc,4.5\n', '--amount', '100');
  expect(run.stdout).toBe('id,amount\na,60\nb,36\nc,4\n');
});

it('leaves out a repeated header, and refuses what is not UTF-8', async () => {
  const twice = await allocate('id,weight\na,1\nid,weight\nb,1\n', '--amount', '2');
  expect(twice.stdout).toBe('id,amount\na,1\nb,1\n');
  const latin1 = await runCommand(['allocate', '--amount', '2'], {
    stdin: Buffer.from('a,1\nJos\u00e9,1\n', 'latin1'),
  });
  expect(latin1).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('line 2: is not UTF-8') });
});

it('splits amounts of 30 digits exactly', async () => {
  const amount = '123456789012345678901234567890';
  const run = await allocate('a,1\nb,2\nc,4\n', '--amount', amount, '--json');
  const { parts } = z.object({ parts: z.array(z.object({ amount: z.string() })) }).parse(JSON.parse(run.stdout));
  expect(parts.reduce((sum, part) => sum + BigInt(part.amount), 0n)).toBe(BigInt(amount));
  expect(parts.map((part) => part.amount)).toEqual([
    '17636684144620811271604938270',
    '35273368289241622543209876540',
    '70546736578483245086419753080',
  ]);
});

it('caps shares, and says on stderr what remains undistributed', async () => {
  const run = await allocate('a,8\nb,1\nc,1\n', '--amount', '100', '--max-share', '0.3');
  expect(run).toEqual({ code: 0, stdout: 'a,30\nb,30\nc,30\n', stderr: 'undistributed: 10\n' });
});

it('quotes ids where CSV needs it', async () => {
  const run = await allocate('"a,b",1\n"say ""hi""",1\n', '--amount', '2');
  expect(run.stdout).toBe('"a,b",1\n"say ""hi""",1\n');
});

it.each([
  ['a weight that is not a decimal', 'a,1\nb,x\n', ['--amount', '1'], 'Record 2'],
  ['a negative weight', 'a,-1\n', ['--amount', '1'], 'negative'],
  ['an id twice', 'a,1\na,2\n', ['--amount', '1'], 'in record 1 already'],
  ['a column too many', 'a,1,2\n', ['--amount', '1'], 'id,weight'],
  ['nothing on stdin', '', ['--amount', '1'], 'no rows'],
  ['an open quote', 'a,1\n"b', ['--amount', '1'], 'not CSV'],
  ['an amount with decimals', 'a,1\n', ['--amount', '1.5'], 'whole number'],
  ['no amount', 'a,1\n', [], '--amount'],
  ['a share above 1', 'a,1\n', ['--amount', '1', '--max-share', '1.1'], 'from 0 to 1'],
])('refuses %s with exit code 2 and nothing on stdout', async (_, stdin, args, message) => {
  const run = await allocate(stdin, ...args);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(message);
});

const CASES = '../shared/cases/allocation.json';
const casesSchema = z.object({
  largestRemainder: z.array(
    z.object({ source: z.string(), amount: z.string(), weights: z.array(z.string()), parts: z.array(z.string()) }),
  ),
});
const cases = await readFile(CASES, 'utf8').catch(() => undefined);

it.skipIf(cases === undefined)(`agrees with the published splits (skipped where ${CASES} is missing)`, () => {
  const { largestRemainder } = casesSchema.parse(JSON.parse(cases ?? ''));
  expect(largestRemainder.length).toBeGreaterThan(3);
  for (const { source, amount, weights, parts } of largestRemainder) {
    const rows = weights.map((weight, index) => ({ id: String.fromCharCode(97 + index), weight }));
    expect([source, split(BigInt(amount), rows, undefined).amounts.map(String)]).toEqual([source, parts]);
  }
});
