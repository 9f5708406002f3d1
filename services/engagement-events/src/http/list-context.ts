import type { Sql } from '@rewardbook/db/client';
import type { FindProgram } from '../sql/program-store.ts';
import type { ListFiles } from './list-file.ts';

/** What the routes of lists work with. */
export interface ListContext {
  readonly sql: Sql;
  readonly findProgram: FindProgram;
  /** Longest time for a page. */
  readonly readMs: number;
  readonly files: ListFiles;
}
