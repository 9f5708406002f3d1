import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { CREATOR_COLUMNS, type CreatorColumn } from './creators-csv.ts';
import { asWritten, type CsvCell, csvLines } from './csv-lines.ts';

const ROWS_PER_PIECE = 1_000;

/** Creators as a file that `parseCreatorsCsv` reads, piece by piece: a header, and a line for each. */
export function* writeCreatorsCsv(creators: Iterable<RegisteredCreator>): Generator<string> {
  yield csvLines([CREATOR_COLUMNS]);
  let lines: CsvCell[][] = [];
  for (const creator of creators) {
    lines.push(CREATOR_COLUMNS.map((column) => cellOf(creator, column)));
    if (lines.length === ROWS_PER_PIECE) {
      yield csvLines(lines, asWritten);
      lines = [];
    }
  }
  yield csvLines(lines, asWritten);
}

function cellOf(creator: RegisteredCreator, column: CreatorColumn): CsvCell {
  return column === 'viewerIds' ? creator.viewerIds.join(' ') : creator[column];
}
