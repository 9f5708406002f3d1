import type { RegisteredCreator } from '@rewardbook/domain/creator';
import { beginCreatorImport, commitCreatorImport, type ImportOutcome, stageCreators } from '../store/creator-store.ts';
import { requireProgram } from './find-program.ts';
import type { Ledger } from './ledger.ts';

const PIECE = 10_000;

/**
 * Registers creators: staged in pieces, made good in one call, so that all of them count or none. Creators that are not in
 * the import stay as they are.
 *
 * @throws BooksRefused `creator-twice`
 */
export async function importCreators(
  ledger: Ledger,
  slug: string,
  creators: readonly RegisteredCreator[],
): Promise<ImportOutcome & { received: number }> {
  const program = await requireProgram(ledger.sql, slug);
  const importId = await beginCreatorImport(ledger.sql, program.programId);
  for (let first = 0; first < creators.length; first += PIECE) {
    await stageCreators(ledger.sql, importId, first + 1, creators.slice(first, first + PIECE));
  }
  const outcome = await commitCreatorImport(ledger.slowSql, importId, creators.length);
  return { ...outcome, received: creators.length };
}
