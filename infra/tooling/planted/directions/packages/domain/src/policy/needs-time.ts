import type { Instant } from '../events/instant.ts';

export type Start = Instant;
