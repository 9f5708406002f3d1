import {
  type CloseColumns,
  closeColumns,
  equalCounts,
  type NetColumns,
  withCarriers,
} from '@rewardbook/domain/allocation/close-columns';
import { sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import { scaleOf } from '@rewardbook/money/decimal';
import type { NetCounts } from './changes.ts';

/** The columns that were made of one shard's counts, and who carried. */
interface Known {
  readonly columns: CloseColumns;
  readonly carriers: readonly string[];
  /** Of the carriers. */
  readonly places: readonly number[];
}

// Where policies are tried one after the other, counts stay the same, and mostly who carries, too.
const KNOWN = new WeakMap<NetCounts, Known>();

/** Net counts of all shards with what is carried in, by creatorId in byte order. The same counts have the same columns. */
export function columnsAtClose(counts: readonly NetCounts[], carried: ReadonlyMap<string, string>): CloseColumns {
  const [only] = counts;
  if (only === undefined || counts.length > 1) {
    return closeColumns(withCarriers(sumOf(counts), carried));
  }
  const known = KNOWN.get(only);
  if (known !== undefined && areEqual(known.carriers, [...carried.keys()])) {
    return columnsAgain(only, known, carried);
  }
  const columns = closeColumns(withCarriers(sumOf(counts), carried));
  KNOWN.set(only, { columns, carriers: [...carried.keys()], places: [...columns.carriedIn.keys()] });
  return columns;
}

/** Makes the columns of counts that differ from known ones by one like or follow of a creator, where that takes no sorting. */
export function rememberOneMore(counts: NetCounts, changed: NetCounts, creatorId: string, isLike: boolean): void {
  const known = KNOWN.get(counts);
  const place = known?.columns.creatorIds.indexOf(creatorId) ?? -1;
  if (known === undefined || place < 0) {
    return;
  }
  const { columns } = known;
  const netLikes = columns.netLikes.with(place, (columns.netLikes[place] ?? 0) + (isLike ? 1 : 0));
  const netFollows = columns.netFollows.with(place, (columns.netFollows[place] ?? 0) + (isLike ? 0 : 1));
  if (netLikes[place] === 0 && netFollows[place] === 0) {
    return; // a row that only a carry may keep
  }
  const { equals = equalCounts(columns) } = columns;
  const groupOf = equals.groupOf.slice();
  groupOf[place] = equals.netLikes.length;
  KNOWN.set(changed, {
    ...known,
    columns: {
      ...{ ...columns, netLikes, netFollows },
      equals: {
        netLikes: [...equals.netLikes, netLikes[place] ?? 0],
        netFollows: [...equals.netFollows, netFollows[place] ?? 0],
        groupOf,
      },
    },
  });
}

function columnsAgain(counts: NetCounts, known: Known, carried: ReadonlyMap<string, string>): CloseColumns {
  let { columns } = known;
  if (columns.equals === undefined) {
    columns = { ...columns, equals: equalCounts(columns) };
    KNOWN.set(counts, { ...known, columns });
  }
  if (carried.size === 0) {
    return columns;
  }
  const points = [...carried.values()];
  const carriedIn = new Map(known.places.map((place, index) => [place, points[index] ?? '0'] as const));
  return { ...columns, carriedIn, carriedScale: points.reduce((scale, text) => Math.max(scale, scaleOf(text)), 0) };
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** The counts of all shards, added up, by creatorId in byte order. */
function sumOf(counts: readonly NetCounts[]): NetColumns {
  const net = new Map<string, { netLikes: number; netFollows: number }>();
  for (const { creatorIds, netLikes, netFollows } of counts) {
    for (const [place, creatorId] of creatorIds.entries()) {
      const sum = net.get(creatorId) ?? { netLikes: 0, netFollows: 0 };
      sum.netLikes += netLikes[place] ?? 0;
      sum.netFollows += netFollows[place] ?? 0;
      net.set(creatorId, sum);
    }
  }
  const creatorIds = sortUtf8([...net.keys()]);
  return {
    creatorIds,
    netLikes: creatorIds.map((creatorId) => net.get(creatorId)?.netLikes ?? 0),
    netFollows: creatorIds.map((creatorId) => net.get(creatorId)?.netFollows ?? 0),
  };
}
