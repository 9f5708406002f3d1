import type { CreatorRow } from '@rewardbook/contracts/api/reports';
import type { CreatorFilter } from '@rewardbook/db/lists/creators';
import type { ReportContext } from '../../service/report-context.ts';
import { readCreators } from './sql.ts';

/** Registered creators that a filter leaves, by creator; without payee and account. */
export async function* creators(
  { source, program }: ReportContext,
  filter: CreatorFilter,
): AsyncGenerator<CreatorRow[], void, undefined> {
  for await (const batch of readCreators(source, program, filter)) {
    yield batch.map(({ creatorId, handle, country, joinedOn, followers, viewerIds, taxCountry }) => ({
      creator_id: creatorId,
      handle,
      country,
      joined_on: joinedOn,
      followers,
      viewer_ids: viewerIds.join(' '),
      tax_country: taxCountry,
    }));
  }
}
