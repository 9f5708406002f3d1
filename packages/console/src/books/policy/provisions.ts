import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';

/** A provision of a policy: its place in the file, and what it says, as text. */
export interface Provision {
  /** As `weights.like` or `boosts[0].multiplier`. */
  readonly path: string;
  readonly text: string;
  /** What is compared: long lists are shown in part. */
  readonly exact: string;
}

export interface ProvisionChange {
  readonly path: string;
  /** null: the policy does not set it. */
  readonly before: string | null;
  readonly after: string | null;
  readonly isChanged: boolean;
}

const SHOWN_ITEMS = 12;

/** Every provision of a policy, in the order of its file. */
export function provisionsOf(policy: unknown): Provision[] {
  return Object.entries(isRecord(policy) ? policy : {}).flatMap(([key, value]) => provisionsAt(key, value));
}

/** Every provision that one of two policies has, old → new, in the order of the first, then of the second. */
export function compareProvisions(before: unknown, after: unknown): ProvisionChange[] {
  const old = new Map(provisionsOf(before).map((provision) => [provision.path, provision]));
  const young = new Map(provisionsOf(after).map((provision) => [provision.path, provision]));
  const paths = [...old.keys(), ...[...young.keys()].filter((path) => !old.has(path))];
  return paths.map((path) => {
    const [was, is] = [old.get(path), young.get(path)];
    return { path, before: was?.text ?? null, after: is?.text ?? null, isChanged: was?.exact !== is?.exact };
  });
}

function provisionsAt(path: string, value: unknown): Provision[] {
  if (Array.isArray(value)) {
    return value.some(isRecord)
      ? value.flatMap((item: unknown, index) => provisionsAt(`${path}[${index}]`, item))
      : [{ path, text: listText(value.map(String)), exact: JSON.stringify(value) }];
  }
  if (isRecord(value)) {
    const names = Object.keys(value);
    return names.length === 0
      ? [{ path, text: 'none', exact: '{}' }]
      : names.flatMap((name) => provisionsAt(`${path}.${name}`, value[name]));
  }
  return [{ path, text: String(value), exact: JSON.stringify(value) ?? 'undefined' }];
}

function listText(items: readonly string[]): string {
  if (items.length === 0) {
    return 'none';
  }
  const shown = [...items].sort(compareUtf8).slice(0, SHOWN_ITEMS).join(', ');
  return items.length <= SHOWN_ITEMS ? shown : `${items.length}, among them ${shown}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
