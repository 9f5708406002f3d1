import { openQueues } from '@rewardbook/queue/queues';

// A worker that takes one job, says so, and never finishes it. Argument: the backend as JSON.
const backend = JSON.parse(process.argv[2] ?? '');
const silent = { warn: () => undefined, error: () => undefined };
const queues = await openQueues(backend, silent);
await queues.worker('tally', async (data) => {
  process.stdout.write(`${data.batchIds[0]}\n`);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
