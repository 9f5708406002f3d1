import type { LockstepPolicy } from '../policy/policy.ts';
import { compareUtf8, sortUtf8 } from '../values/utf8-order.ts';
import type { EngagementEvent } from './event.ts';

/** Viewers who did the same at the same time so often that a person should look at them. */
export interface LockstepGroup {
  /** In byte order. */
  readonly viewers: readonly string[];
  /** Pairs of them that match often enough to be linked. */
  readonly links: number;
  /** Matches of these pairs. */
  readonly matches: number;
}

/** Finds groups among the viewers of windows. */
export interface Lockstep {
  /** The different viewers of one target in one window; windows in any order. */
  addWindow(viewerIds: readonly string[]): void;
  groups(): LockstepGroup[];
}

const MS_PER_SECOND = 1_000;

/** Number of the window, from the Unix epoch, that an instant falls into. */
export function windowOf({ windowSeconds }: Pick<LockstepPolicy, 'windowSeconds'>, epochMilliseconds: number): number {
  return Math.floor(epochMilliseconds / (windowSeconds * MS_PER_SECOND));
}

/**
 * Two viewers match once per (target, window) that both are in; those with `targets` matches or more are linked; linked groups of
 * `viewers` or more are given, the largest first, then by their first viewer. Windows of more than `maxWindowViewers` are skipped.
 *
 * Holds a number for each viewer in each window that is not skipped, and counts the matches of one viewer at a time: never a pair
 * of viewers.
 */
export function lockstep({
  viewers: least,
  targets,
  maxWindowViewers,
}: Omit<LockstepPolicy, 'windowSeconds'>): Lockstep {
  const numbers = new Map<string, number>();
  const windows: Int32Array[] = [];
  const numberOf = (viewerId: string): number => {
    let number = numbers.get(viewerId);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(viewerId, number);
    }
    return number;
  };
  return {
    addWindow(viewerIds) {
      if (viewerIds.length < 2 || viewerIds.length > maxWindowViewers) {
        return;
      }
      windows.push(Int32Array.from(viewerIds, numberOf));
    },
    groups() {
      const ids = [...numbers.keys()];
      const linked = linkedGroups(ids.length, windows, targets);
      return linked
        .filter(({ members }) => members.length >= least)
        .map(({ members, links, matches }) => {
          return { viewers: sortUtf8(members.map((number) => ids[number] ?? '')), links, matches };
        })
        .sort((a, b) => b.viewers.length - a.viewers.length || compareUtf8(a.viewers[0] ?? '', b.viewers[0] ?? ''));
    },
  };
}

interface Linked {
  readonly members: number[];
  links: number;
  matches: number;
}

function linkedGroups(viewers: number, windows: readonly Int32Array[], targets: number): Linked[] {
  const { starts, windowsOf } = windowsByViewer(viewers, windows);
  const parents = Int32Array.from({ length: viewers }, (_, viewer) => viewer);
  const links: { viewer: number; matches: number }[] = [];
  const matches = new Int32Array(viewers);
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    const [start, end] = [starts[viewer] ?? 0, starts[viewer + 1] ?? 0];
    if (end - start < targets) {
      continue;
    }
    const met: number[] = [];
    for (let index = start; index < end; index += 1) {
      for (const other of windows[windowsOf[index] ?? 0] ?? []) {
        if (other <= viewer) {
          continue; // each pair once
        }
        const before = matches[other] ?? 0;
        if (before === 0) {
          met.push(other);
        }
        matches[other] = before + 1;
      }
    }
    for (const other of met) {
      const count = matches[other] ?? 0;
      matches[other] = 0;
      if (count < targets) {
        continue;
      }
      links.push({ viewer, matches: count });
      parents[rootOf(parents, other)] = rootOf(parents, viewer);
    }
  }
  const groups = new Map<number, Linked>();
  const groupOf = (viewer: number): Linked => {
    const root = rootOf(parents, viewer);
    let group = groups.get(root);
    if (group === undefined) {
      group = { members: [], links: 0, matches: 0 };
      groups.set(root, group);
    }
    return group;
  };
  for (const link of links) {
    const group = groupOf(link.viewer);
    group.links += 1;
    group.matches += link.matches;
  }
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    groupOf(viewer).members.push(viewer);
  }
  return [...groups.values()].filter((group) => group.links > 0);
}

/** The numbers of the windows that each viewer is in, one list after the other. */
function windowsByViewer(
  viewers: number,
  windows: readonly Int32Array[],
): { readonly starts: Int32Array; readonly windowsOf: Int32Array } {
  const starts = new Int32Array(viewers + 1);
  for (const window of windows) {
    for (const viewer of window) {
      starts[viewer + 1] = (starts[viewer + 1] ?? 0) + 1;
    }
  }
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    starts[viewer + 1] = (starts[viewer + 1] ?? 0) + (starts[viewer] ?? 0);
  }
  const next = starts.slice();
  const windowsOf = new Int32Array(starts[viewers] ?? 0);
  for (const [number, window] of windows.entries()) {
    for (const viewer of window) {
      const place = next[viewer] ?? 0;
      windowsOf[place] = number;
      next[viewer] = place + 1;
    }
  }
  return { starts, windowsOf };
}

/** The representative of a viewer's group; shortens the way to it. */
function rootOf(parents: Int32Array, viewer: number): number {
  let at = viewer;
  for (let parent = parents[at] ?? at; parent !== at; parent = parents[at] ?? at) {
    const grandparent = parents[parent] ?? parent;
    parents[at] = grandparent;
    at = grandparent;
  }
  return at;
}

/** A window of a target, named, and its different viewers. */
export type WindowEntry = readonly [window: string, viewerIds: readonly string[]];

/** Likes of contents and follows of creators by target and window, each viewer once: what `lockstep` takes. */
export interface LockstepWindows {
  add(event: EngagementEvent): void;
  /** Those of another part of the viewers. */
  addAll(entries: Iterable<WindowEntry>): void;
  windows(): Iterable<readonly string[]>;
  /** The windows with the names that they have in every part. */
  entries(): WindowEntry[];
}

export function lockstepWindows(policy: Pick<LockstepPolicy, 'windowSeconds'>): LockstepWindows {
  const viewersIn = new Map<string, Set<string>>();
  const put = (window: string, viewerId: string): void => {
    const viewers = viewersIn.get(window);
    if (viewers) {
      viewers.add(viewerId);
    } else {
      viewersIn.set(window, new Set([viewerId]));
    }
  };
  return {
    add({ viewerId, creatorId, contentId, occurredAt }) {
      // Ids have no control characters, so NUL keeps the parts of a key apart.
      put(`${windowOf(policy, occurredAt)}\0${creatorId}\0${contentId}`, viewerId);
    },
    addAll(entries) {
      for (const [window, viewerIds] of entries) {
        for (const viewerId of viewerIds) {
          put(window, viewerId);
        }
      }
    },
    *windows() {
      for (const viewers of viewersIn.values()) {
        yield [...viewers];
      }
    },
    entries: () => [...viewersIn].map(([window, viewers]) => [window, [...viewers]]),
  };
}
