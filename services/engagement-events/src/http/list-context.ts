import type { Sql } from '@rewardbook/db/client';
import type { ListFiles } from '@rewardbook/runtime/http/list-files';
import type { FindProgram } from '../sql/program-store.ts';

/** What the routes of lists work with. */
export interface ListContext {
  readonly sql: Sql;
  readonly findProgram: FindProgram;
  /** Longest time for a page. */
  readonly readMs: number;
  readonly files: ListFiles;
}
