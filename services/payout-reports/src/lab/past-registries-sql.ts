import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { inBatches, type ReportSource } from '../service/read-cursor.ts';

interface Row {
  creatorId: string;
  version: number;
  country: string | null;
  joinedOn: string | null;
  followers: string;
  viewerIds: string[];
}

/**
 * The registered creators as of each of these versions of a registry, with what of them a close asks about: nothing that payouts need. A
 * creator who did not change between two versions is one object in both lists.
 */
export async function readRegistries(
  source: ReportSource,
  programId: number,
  versions: Iterable<number>,
): Promise<Map<number, RegisteredCreator[]>> {
  const wanted = [...new Set(versions)].sort((a, b) => a - b);
  const registries = new Map<number, RegisteredCreator[]>(wanted.map((version) => [version, []]));
  let known: { readonly creator: RegisteredCreator; readonly from: number } | undefined;
  // A row is what is known of the creator until the next one's version.
  const settle = (next: number): void => {
    if (known === undefined) {
      return;
    }
    for (const version of wanted) {
      if (version >= known.from && version < next) {
        registries.get(version)?.push(known.creator);
      }
    }
  };
  const rows = inBatches<Row>(source, {
    text: `SELECT creator_id AS "creatorId", version, country, joined_on::text AS "joinedOn", followers, viewer_ids AS "viewerIds"
           FROM creator WHERE program_id = $1 AND version <= $2 ORDER BY creator_id, version`,
    values: [programId, wanted.at(-1) ?? 0],
  });
  for await (const batch of rows) {
    for (const { version, followers, ...row } of batch) {
      settle(known?.creator.creatorId === row.creatorId ? version : Number.POSITIVE_INFINITY);
      const creator = {
        ...row,
        followers: Number(followers),
        handle: null,
        taxCountry: null,
        payee: null,
        account: null,
      };
      known = { creator, from: version };
    }
  }
  settle(Number.POSITIVE_INFINITY);
  return registries;
}
