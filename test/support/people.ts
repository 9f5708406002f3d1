import { sha256Hex } from '@rewardbook/domain/values/sha256';

/** Whose keys every test database has, with all scopes: tests act in their names. */
export const PEOPLE = ['ada', 'ben', 'test'] as const;

/** The SHA-256 of somebody's key, in hex, as the books store it. Here it is that of the name: the key is never sent. */
export function actorOf(name: (typeof PEOPLE)[number]): string {
  return sha256Hex(name);
}
