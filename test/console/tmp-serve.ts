import { writeFileSync } from 'node:fs';
import { startConsoleSystem } from './support/console-system.ts';

const system = await startConsoleSystem({ events: Number(process.env.EVENTS ?? 4000) });
writeFileSync('/tmp/lab/system.json', JSON.stringify({ url: system.url, people: system.people }));
console.log('ready', system.url);
process.on('SIGTERM', () => void system.close().then(() => process.exit(0)));
setInterval(() => {}, 1000);
