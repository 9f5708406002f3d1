import { readConfig } from '@rewardbook/runtime/config';
import { z } from 'zod';
import { provision, storeKeys } from './provision.ts';

const key = z.string().regex(/^rb_[A-Za-z0-9_-]{43}$/, { error: 'must be rb_ and 32 random bytes in base64url' });
const password = z.string().min(16, { error: 'must have 16 characters or more' });

/** Makes a database server ready for the services of a deployment; run once before each release, safe to repeat. */
const config = readConfig(
  {
    OWNER_DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, { error: 'must be postgres://owner:password@host/database' }),
    EVENTS_USER: z.string().min(1).default('rewardbook_events_login'),
    EVENTS_PASSWORD: password,
    LEDGER_USER: z.string().min(1).default('rewardbook_ledger_login'),
    LEDGER_PASSWORD: password,
    REPORTS_USER: z.string().min(1).default('rewardbook_reports_login'),
    REPORTS_PASSWORD: password,
    REWARDBOOK_KEY_WRITE: key,
    REWARDBOOK_KEY_OPERATE: key,
    REWARDBOOK_KEY_APPROVE: key,
    REWARDBOOK_KEY_READ: key,
    REWARDBOOK_KEY_PAYMENTS: key.optional(),
    REWARDBOOK_KEY_ADMIN: key.optional(),
  },
  process.env,
);
await provision(config.OWNER_DATABASE_URL, {
  events: { user: config.EVENTS_USER, password: config.EVENTS_PASSWORD },
  ledger: { user: config.LEDGER_USER, password: config.LEDGER_PASSWORD },
  reports: { user: config.REPORTS_USER, password: config.REPORTS_PASSWORD },
});
await storeKeys(config.OWNER_DATABASE_URL, {
  write: config.REWARDBOOK_KEY_WRITE,
  operate: config.REWARDBOOK_KEY_OPERATE,
  approve: config.REWARDBOOK_KEY_APPROVE,
  read: config.REWARDBOOK_KEY_READ,
  payments: config.REWARDBOOK_KEY_PAYMENTS,
  admin: config.REWARDBOOK_KEY_ADMIN,
});
process.stderr.write('The database is ready.\n');
