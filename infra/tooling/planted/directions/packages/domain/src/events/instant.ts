export type Instant = number;
