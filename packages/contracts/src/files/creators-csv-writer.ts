import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { CREATOR_COLUMNS, type CreatorColumn } from './creators-csv.ts';
import { asWritten, type CsvCell, csvLines } from './csv-lines.ts';

const SCOUT_COLUMNS: ReadonlySet<CreatorColumn> = new Set(['scoutId', 'scoutedOn']);

const ROWS_PER_PIECE = 1_000;

/** Creators as a file that `parseCreatorsCsv` reads, piece by piece: a header, and a line for each. */
export function* writeCreatorsCsv(creators: Iterable<RegisteredCreator>): Generator<string> {
  const listed = [...creators];
  // Columns that a program without scouts does not know.
  const isAnyScouted = listed.some(({ scoutId }) => scoutId != null);
  const columns = CREATOR_COLUMNS.filter((column) => isAnyScouted || !SCOUT_COLUMNS.has(column));
  yield csvLines([columns]);
  let lines: CsvCell[][] = [];
  for (const creator of listed) {
    lines.push(columns.map((column) => cellOf(creator, column)));
    if (lines.length === ROWS_PER_PIECE) {
      yield csvLines(lines, asWritten);
      lines = [];
    }
  }
  yield csvLines(lines, asWritten);
}

function cellOf(creator: RegisteredCreator, column: CreatorColumn): CsvCell {
  return column === 'viewerIds' ? creator.viewerIds.join(' ') : (creator[column] ?? null);
}
