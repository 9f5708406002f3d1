import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, vi } from 'vitest';
import { runCommand } from '../../../../../test/support/test-command.ts';
import { Client } from '../../client/client.ts';
import { systemOf } from '../../client/connection.ts';
import { closePeriod } from './close.ts';

const NOW = '2026-11-02T00:00:00.000Z';
const REQUEST = {
  request: 7,
  kind: 'close',
  key: 'close:2026-10',
  payload: { period: '2026-10' },
  payloadHash: 'f'.repeat(64),
  requestedBy: 'ada',
  requestedAt: NOW,
  decidedBy: 'ben',
  decidedAt: NOW,
  note: null,
};
const OPEN = {
  period: '2026-10',
  start: '2026-09-30T17:00:00.000Z',
  end: '2026-10-31T17:00:00.000Z',
  status: 'open',
  revenue: '0.00',
  revenueEntries: '0.00',
  revenueCarriedIn: null,
  policyVersion: 1,
  ...{
    pool: null,
    allocated: null,
    undistributed: null,
    resultHash: null,
    entryKey: null,
    closedAt: null,
    failure: null,
  },
};

// A ledger that carries a request out takes moments: only one that answers in turn shows what lies between.
it('gives up after 30 s of failing, whatever each attempt says, with the last reason and what to do next', async () => {
  let polls = 0;
  vi.useFakeTimers({ toFake: ['Date'] });
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const poll = '/v1/programs/demo/periods/2026-10';
    if (request.method === 'POST') {
      return answer(202, { program: 'demo', period: '2026-10', status: 'closing', poll });
    }
    polls += 1;
    vi.setSystemTime(Date.now() + 8_000);
    answer(200, { ...OPEN, status: 'closing', failure: `no space left: wrote ${polls} of 8192 bytes` });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const urls = { front: url, events: url, ledger: url, reports: url };
  const keys = { write: 'k', operate: 'k', approve: 'k', read: 'k' };
  const { signal } = new AbortController();
  const client = new Client(systemOf({ urls, keys }, 'the test'), signal);
  try {
    await expect(closePeriod(client, 'demo', '2026-10', signal)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /goes on failing: no space left: wrote 5 of 8192 bytes.*--period 2026-10 --cancel/,
      ),
    });
    expect(polls).toBe(5);
  } finally {
    client.close();
    vi.useRealTimers();
    server.close();
  }
});

it('ends if its close was approved and turns out to be impossible, instead of waiting forever', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'POST') {
      return answer(202, {
        approval: { ...REQUEST, status: 'approved', outcome: null },
        poll: '/v1/programs/demo/approvals/7',
      });
    }
    if (request.url === '/v1/programs/demo/periods/2026-10') {
      return answer(200, OPEN);
    }
    asked += 1;
    const state =
      asked < 3
        ? { status: 'approved', outcome: null }
        : { status: 'failed', outcome: 'no-revenue: No revenue is booked' };
    return answer(request.url === '/v1/programs/demo/approvals/7' ? 200 : 404, { ...REQUEST, ...state });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  try {
    const { code, stderr } = await runCommand(['close', '--program', 'demo', '--period', '2026-10'], {
      env: { REWARDBOOK_URL_LEDGER: url, REWARDBOOK_KEY: 'k' },
    });
    expect({ code, asked }).toEqual({ code: 2, asked: 3 });
    expect(stderr).toContain('was approved by ben and could not be done: no-revenue');
  } finally {
    server.close();
  }
});
