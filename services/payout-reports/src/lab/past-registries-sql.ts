import type { RecordedCreator } from '@rewardbook/contracts/api/lab-recording';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { registriesAt } from '@rewardbook/lab/recording/registries';
import { inBatches, type ReportSource } from '../service/read-cursor.ts';

type Row = Omit<RecordedCreator, 'followers' | 'scoutId' | 'scoutedOn'> & {
  readonly followers: string;
  readonly scoutId: string | null;
  readonly scoutedOn: string | null;
};

/** All that was registered up to a version of a registry, by creatorId and version. */
export async function* registryRows(
  source: ReportSource,
  programId: number,
  upTo: number,
): AsyncGenerator<RecordedCreator, void, undefined> {
  const batches = inBatches<Row>(source, {
    text: `SELECT version, creator_id AS "creatorId", handle, country, joined_on::text AS "joinedOn", followers, viewer_ids AS "viewerIds",
                  scout_id AS "scoutId", scouted_on::text AS "scoutedOn"
           FROM creator WHERE program_id = $1 AND version <= $2 ORDER BY creator_id, version`,
    values: [programId, upTo],
  });
  for await (const rows of batches) {
    for (const { followers, scoutId, scoutedOn, ...row } of rows) {
      const scout = scoutId === null || scoutedOn === null ? {} : { scoutId, scoutedOn };
      yield { ...row, followers: Number(followers), ...scout };
    }
  }
}

/** The registered creators as of each of these versions of a registry. */
export async function readRegistries(
  source: ReportSource,
  programId: number,
  versions: readonly number[],
): Promise<Map<number, RegisteredCreator[]>> {
  const registries = registriesAt(versions);
  for await (const row of registryRows(source, programId, Math.max(0, ...versions))) {
    registries.add(row);
  }
  return registries.byVersion();
}
