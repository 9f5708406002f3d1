import { DuckDBInstance } from '@duckdb/node-api';

/** A file that DuckDB writes of a select: its options of COPY. */
export interface TableFile {
  readonly path: string;
  readonly options: string;
}

/** Writes the rows of a select into files, as other programs do. */
export async function writeTables(select: string, files: readonly TableFile[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`CREATE TABLE made AS ${select}`);
    for (const { path, options } of files) {
      await connection.run(`COPY made TO '${path.replaceAll("'", "''")}' (${options})`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
