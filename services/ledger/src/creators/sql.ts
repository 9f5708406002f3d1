import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { CreatorFacts, RegisteredCreator } from '@rewardbook/domain/policy/creator';

/** Where a creator's payouts go. */
export interface PaymentDetails {
  readonly taxCountry: string | null;
  readonly payee: string | null;
  readonly account: string | null;
}

/** A change of payment details that needs a second person, and what is registered as long as it waits. */
export interface DetailsChange extends PaymentDetails {
  readonly creatorId: string;
  readonly before: PaymentDetails;
}

export interface ImportOutcome {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** What of the import is not registered yet, by creatorId. */
  readonly waiting: readonly DetailsChange[];
}

export async function beginCreatorImport(sql: Sql, programId: number): Promise<string> {
  const [row] = await sql<{ importId: string }[]>`SELECT begin_creator_import(${programId})::text AS "importId"`;
  if (row === undefined) {
    throw new Error('begin_creator_import gave no row');
  }
  return row.importId;
}

/** Stages one piece of an import; `firstLine` counts from 1 over all pieces. */
export async function stageCreators(
  sql: Sql,
  importId: string,
  firstLine: number,
  creators: readonly RegisteredCreator[],
): Promise<void> {
  const column = (pick: (creator: RegisteredCreator) => string | null) => textArray(creators.map(pick));
  await sql`
    SELECT stage_creators(
      ${importId}::bigint, ${firstLine}, ${column((c) => c.creatorId)}::text[], ${column((c) => c.handle)}::text[],
      ${column((c) => c.country)}::text[], ${column((c) => c.joinedOn)}::text[],
      ${plainArray(creators.map((c) => c.followers))}::bigint[], ${column((c) => c.viewerIds.join(' '))}::text[],
      ${column((c) => c.taxCountry)}::text[], ${column((c) => c.payee)}::text[], ${column((c) => c.account)}::text[],
      ${column((c) => c.scoutId ?? null)}::text[], ${column((c) => c.scoutedOn ?? null)}::text[])`;
}

/** @throws BooksRefused `creator-twice`, `scout-changed`, `import-unknown`, `import-incomplete`, `too-many-details` */
export async function commitCreatorImport(sql: Sql, importId: string, rows: number): Promise<ImportOutcome> {
  const [row] = await sql<ImportOutcome[]>`
    SELECT added, changed, unchanged, coalesce(waiting, '[]') AS waiting FROM commit_creator_import(${importId}::bigint, ${rows})
  `.catch(asRefusal);
  if (row === undefined) {
    throw new Error('commit_creator_import gave no row');
  }
  return row;
}

/** Registers the payment details of an approved request, and gives what came of it. @throws BooksRefused `approval-needed`, `request-changed` */
export async function changeDetails(sql: Sql, programId: number, request: number): Promise<string> {
  const [row] = await sql<{ outcome: string }[]>`
    SELECT change_details(${programId}, ${request}) AS outcome`.catch(asRefusal);
  if (row === undefined) {
    throw new Error('change_details gave no row');
  }
  return row.outcome;
}

/** Registered creators as of a version, by creatorId, with all that is known of them. */
export function listCreators(
  sql: Sql,
  programId: number,
  version: number,
  { after, limit }: { after: string; limit: number },
): Promise<RegisteredCreator[]> {
  return sql<RegisteredCreator[]>`
    SELECT DISTINCT ON (c.creator_id)
           c.creator_id AS "creatorId", c.handle, c.country, c.joined_on::text AS "joinedOn", c.followers::float8 AS followers,
           c.viewer_ids AS "viewerIds", c.scout_id AS "scoutId", c.scouted_on::text AS "scoutedOn", c.tax_country AS "taxCountry", c.payee, c.account
    FROM creator c
    WHERE c.program_id = ${programId} AND c.version <= ${version} AND c.creator_id > ${after}
    ORDER BY c.creator_id, c.version DESC LIMIT ${limit}`;
}

/** What of the registered creators can change a result, as of a version, by creatorId in byte order, one by one. */
export async function readFacts(
  sql: Sql,
  programId: number,
  version: number,
  each: (creator: CreatorFacts) => void,
): Promise<void> {
  await sql<CreatorFacts[]>`
    SELECT creator_id AS "creatorId", country, joined_on::text AS "joinedOn", followers::float8 AS followers, viewer_ids AS "viewerIds",
           scout_id AS "scoutId", scouted_on::text AS "scoutedOn"
    FROM creators_at(${programId}, ${version}) ORDER BY creator_id`.forEach(each);
}

/** Whether any creator has a scout, as of a version: once one has, every later version does. */
export async function isAnyScouted(sql: Sql, programId: number, version: number): Promise<boolean> {
  const [row] = await sql<{ isAny: boolean }[]>`
    SELECT EXISTS (SELECT FROM creator WHERE program_id = ${programId} AND version <= ${version} AND scout_id IS NOT NULL) AS "isAny"`;
  return row?.isAny ?? false;
}

/** The different days on which creators joined, `YYYY-MM-DD`. */
export async function joiningDays(sql: Sql, programId: number, version: number): Promise<string[]> {
  const rows = await sql<{ day: string }[]>`
    SELECT DISTINCT joined_on::text AS day FROM creators_at(${programId}, ${version}) WHERE joined_on IS NOT NULL`;
  return rows.map((row) => row.day);
}
