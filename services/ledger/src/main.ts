import process from 'node:process';
import { startQueueService } from '@rewardbook/queue/start-service';
import { compose } from './compose.ts';

await startQueueService({ name: 'ledger', port: 4102, compose }, process.env, process);
