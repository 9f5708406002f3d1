import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { simulateEvents } from '@rewardbook/cli/simulation/simulate-events';
import { failingOutput, runHere } from '@rewardbook/cli/test-run';
import { readEvents } from '@rewardbook/payout-reports/lab/read-events';
import { policyHash } from '@rewardbook/domain/policy';
import { testPolicy } from '@rewardbook/domain/test-policy';
import { startLocal, type LocalSystem } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { makeDataFolder } from '../support/up.ts';

// Every way in takes and refuses the same lines, with the same codes.
