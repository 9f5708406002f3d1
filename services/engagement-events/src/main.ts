import process from 'node:process';
import { startQueueService } from '@rewardbook/queue/start-service';
import { compose } from './compose.ts';

await startQueueService({ name: 'engagement-events', port: 4101, compose }, process.env, process);
