import type { Version } from './version.ts';

export interface Policy {
  readonly version: Version;
}
