import { canonicalString } from '../values/canonical-json.ts';
import { TextHash } from '../values/sha256.ts';
import { compareUtf8, sortUtf8 } from '../values/utf8-order.ts';

/** A creator as registered by an operator. What is not known is null. */
export interface RegisteredCreator {
  readonly creatorId: string;
  readonly handle: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** Date of joining the platform, `YYYY-MM-DD`. */
  readonly joinedOn: string | null;
  /** Followers on joining. */
  readonly followers: number;
  /** The creator's own viewer ids: engagements of theirs are self-engagements. */
  readonly viewerIds: readonly string[];
  /** Who scouted the creator, and when (`YYYY-MM-DD`): both or neither, never changed once it is known. */
  readonly scoutId?: string | null | undefined;
  readonly scoutedOn?: string | null | undefined;
  readonly taxCountry: string | null;
  readonly payee: string | null;
  readonly account: string | null;
}

/** What of a creator can change a result; the rest matters only for payouts. */
export type CreatorFacts = Pick<
  RegisteredCreator,
  'creatorId' | 'country' | 'joinedOn' | 'followers' | 'viewerIds' | 'scoutId' | 'scoutedOn'
>;

/** Hash of the registered creators that a close used; they may come in any order. */
export function creatorsHash(creators: Iterable<CreatorFacts>): string {
  const sorted = [...creators].sort((a, b) => compareUtf8(a.creatorId, b.creatorId));
  const hasher = creatorsHasher(sorted.some(({ scoutId }) => scoutId != null));
  for (const creator of sorted) {
    hasher.add(creator);
  }
  return hasher.digest();
}

/** Hash of registered creators that come one by one, by creatorId in byte order. */
export interface CreatorsHasher {
  add(creator: CreatorFacts): void;
  digest(): string;
}

/**
 * SHA-256 of the canonical JSON of `[[creatorId, country, joinedOn, followers, [viewerIds]], …]`, viewerIds sorted; each row
 * ends in scoutId and scoutedOn where any of the creators has a scout.
 */
export function creatorsHasher(isAnyScouted: boolean): CreatorsHasher {
  const hash = new TextHash().update('[');
  let separator = '';
  return {
    add({ creatorId, country, joinedOn, followers, viewerIds, scoutId = null, scoutedOn = null }) {
      const viewers = sortUtf8([...viewerIds])
        .map(canonicalString)
        .join(',');
      const scout = isAnyScouted ? `,${orNull(scoutId)},${orNull(scoutedOn)}` : '';
      hash.update(
        `${separator}[${canonicalString(creatorId)},${orNull(country)},${orNull(joinedOn)},${followers},[${viewers}]${scout}]`,
      );
      separator = ',';
    },
    digest: () => hash.update(']').digest(),
  };
}

function orNull(text: string | null): string {
  return text === null ? 'null' : canonicalString(text);
}
