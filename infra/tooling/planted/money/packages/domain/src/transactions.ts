interface Sql {
  begin(work: () => Promise<void>): Promise<void>;
}
declare const sql: Sql;
declare const parser: { begin(): void };
parser.begin();
export const done = sql.begin(async () => undefined);
