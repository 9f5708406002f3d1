import { Agent } from 'undici';

/** The services behind the console, as its addresses name them: `/api/events/v1/…`. */
export const SERVICE_PATHS = ['events', 'ledger', 'reports'] as const;
export type ServicePath = (typeof SERVICE_PATHS)[number];

/** What people call them. */
export const SERVICE_NAMES: Readonly<Record<ServicePath, string>> = {
  events: 'engagement-events',
  ledger: 'ledger',
  reports: 'payout-reports',
};

/** Addresses of the services, without a slash at the end. */
export type ServiceAddresses = Readonly<Record<ServicePath, string>>;

/** Below the limit of a service for one address, and of one key. */
const MAX_CONNECTIONS = 900;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connections to the services. A connection must come about in time; an answer may take as long as its reader waits, since closes and
 * streams do.
 */
export function connectServices(): Agent {
  return new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });
}
