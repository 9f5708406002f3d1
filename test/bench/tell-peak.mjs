// Has a process say on stderr, as it ends, how much memory it had at its peak.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => process.stderr.write(`\npeak ${process.resourceUsage().maxRSS} kB\n`));
}
