import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { surviveLostTypeQueries } from './lost-type-query.ts';

/** The query as the installed postgres.js has it: a new version that words it differently shows here. */
function typeQuery(): string {
  const entry = createRequire(import.meta.resolve('@rewardbook/db/client')).resolve('postgres');
  const source = readFileSync(join(dirname(entry), 'connection.js'), 'utf8');
  return /async function fetchArrayTypes\(\) \{[^`]*`([^`]+)`/.exec(source)?.[1] ?? '';
}

it('a connection lost while postgres.js asks for its types is logged, and does not end the process', () => {
  const process = new EventEmitter();
  const warn = vi.fn();
  surviveLostTypeQueries(process, { warn });
  const lost = Object.assign(new Error('terminating connection'), { query: typeQuery() });
  expect(typeQuery()).not.toBe('');
  process.emit('unhandledRejection', lost);
  expect(warn).toHaveBeenCalledOnce();
});

it('any other unhandled rejection ends the process, as without it', () => {
  const process = new EventEmitter();
  surviveLostTypeQueries(process, { warn: () => undefined });
  for (const reason of [new Error('a defect'), Object.assign(new Error('x'), { query: 'SELECT 1' }), 'text']) {
    expect(() => process.emit('unhandledRejection', reason)).toThrow();
  }
});
