import { compose } from '@rewardbook/ledger/compose';
import { openQueues } from '@rewardbook/queue/queues';
import { createLogger } from '@rewardbook/runtime/logger';
import { PERIOD, PROGRAM } from './close-books.ts';

/** What one close took, measured in the service's own process. */
export interface MeasuredClose {
  /** Seconds by phase. */
  readonly phases: Record<string, number>;
  readonly seconds: number;
  /** Memory of the process before the close and at its peak, MiB. */
  readonly restMib: number;
  readonly peakMib: number;
  readonly creators: number;
}

// Run by close.ts in its own process, so that its peak is that of the service alone:
// close-service.ts <database url> <api key>
const [databaseUrl = '', key = ''] = process.argv.slice(2);
const logger = createLogger({ name: 'bench', level: 'error' });
const queues = await openQueues({ postgresUrl: databaseUrl }, logger);
const service = await compose({ databaseUrl, queues, logger });
const headers = { authorization: `Bearer ${key}` };
const ask = async (method: 'GET' | 'POST', path: string, payload?: object) => {
  const url = `/v1/programs/${PROGRAM}/${path}`;
  const response = await service.app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
  if (response.statusCode >= 400) {
    throw new Error(response.body);
  }
  return response.json();
};

await ask('POST', 'revenue', { period: PERIOD, amount: '1000000000.00', reference: 'bench' });
const restMib = process.memoryUsage().rss / 2 ** 20;
const startedAtMs = performance.now();
await ask('POST', `periods/${PERIOD}/close`);
for (;;) {
  const { status, failure } = await ask('GET', `periods/${PERIOD}`);
  if (status === 'closed') {
    break;
  }
  if (failure !== null) {
    throw new Error(failure);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const seconds = (performance.now() - startedAtMs) / 1000;
const { body } = await service.app.inject({ method: 'GET', url: '/metrics' });
const phases = Object.fromEntries(
  [...body.matchAll(/^ledger_close_phase_duration_seconds_sum\{phase="(\w+)"\} ([\d.e-]+)$/gm)].map((match) => [
    match[1] ?? '',
    Number(match[2]),
  ]),
);
const { postingCount } = await ask('GET', `journal/close:${PERIOD}?limit=1`);
const measured: MeasuredClose = {
  phases,
  seconds,
  restMib,
  peakMib: process.resourceUsage().maxRSS / 1024,
  creators: postingCount - 3,
};
process.stdout.write(JSON.stringify(measured));
await service.app.close();
await Promise.all(service.workers.map((worker) => worker.close()));
await service.close();
await queues.close();
process.exit(0);
