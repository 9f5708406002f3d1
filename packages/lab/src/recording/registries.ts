import type { RecordedCreator } from '@rewardbook/contracts/api/lab-recording';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';

/** Collects the registered creators as of some versions of a registry. */
export interface Registries {
  /** Rows come by creatorId, then by version. */
  add(row: RecordedCreator): void;
  /** After the last row. */
  byVersion(): Map<number, RegisteredCreator[]>;
}

/**
 * The creators as of each of these versions, with what of them a close or an answer asks about: nothing that payouts need. A creator who
 * did not change between two versions is one object in both lists.
 */
export function registriesAt(versions: Iterable<number>): Registries {
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
  return {
    add({ version, ...row }) {
      settle(known?.creator.creatorId === row.creatorId ? version : Number.POSITIVE_INFINITY);
      known = { creator: { ...row, taxCountry: null, payee: null, account: null }, from: version };
    },
    byVersion() {
      settle(Number.POSITIVE_INFINITY);
      known = undefined;
      return registries;
    },
  };
}
