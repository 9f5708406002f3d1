import type { Actor } from '@rewardbook/db/actor';
import { requireProgram } from '@rewardbook/db/books/program';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { sha256Hex } from '@rewardbook/domain/values/sha256';
import { ask } from '../approvals/gate.ts';
import type { RequestRow } from '../approvals/sql.ts';
import type { Ledger } from '../service/ledger.ts';
import { beginCreatorImport, commitCreatorImport, type ImportOutcome, stageCreators } from './sql.ts';

const PIECE = 10_000;

/** What an import came to, of how many creators. */
export type Imported = ImportOutcome & { readonly received: number };

/**
 * Registers creators: staged in pieces, committed in one call, so that all of them count or none. Creators that are not
 * in the import are unchanged; so are payment details of registered creators if changing them needs a second person.
 *
 * @throws AppError `program-unknown`; BooksRefused `creator-twice`, `too-many-details`
 */
export async function importCreators(
  ledger: Ledger,
  slug: string,
  creators: readonly RegisteredCreator[],
): Promise<Imported> {
  const program = await requireProgram(ledger.sql, slug);
  const importId = await beginCreatorImport(ledger.sql, program.programId);
  for (let first = 0; first < creators.length; first += PIECE) {
    await stageCreators(ledger.sql, importId, first + 1, creators.slice(first, first + PIECE));
  }
  const outcome = await commitCreatorImport(ledger.slowSql, importId, creators.length);
  return { ...outcome, received: creators.length };
}

/** Registers creators, and asks a second person for the payment details that wait. @throws as `importCreators` */
export async function importCreatorsOrAsk(
  ledger: Ledger,
  slug: string,
  creators: readonly RegisteredCreator[],
  actor: Actor,
): Promise<Imported & { readonly request: RequestRow | undefined }> {
  const imported = await importCreators(ledger, slug, creators);
  if (imported.waiting.length === 0) {
    return { ...imported, request: undefined };
  }
  const { programId } = await requireProgram(ledger.sql, slug);
  return { ...imported, request: await askFor(ledger, programId, imported.waiting, actor) };
}

function askFor(
  ledger: Ledger,
  programId: number,
  waiting: ImportOutcome['waiting'],
  actor: Actor,
): Promise<RequestRow> {
  const changes = waiting.map(({ before, ...change }) => ({ ...change, before: { ...before } }));
  const payload = canonicalJson({ creators: changes });
  return ask(ledger, { programId, kind: 'payees', key: `payees:${sha256Hex(payload)}`, payload, actor });
}
