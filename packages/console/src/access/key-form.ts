import { createKeyBodySchema } from '@rewardbook/contracts/api/access/keys';
import type { z } from 'zod';

export type KeyBody = z.input<typeof createKeyBodySchema>;
export type KeyField = 'name' | 'scopes' | 'reach' | 'programs';
export type KeyFaults = Partial<Record<KeyField, string | undefined>>;

/** What `reach` may be. */
export const FOR_ALL = 'all';
export const FOR_SOME = 'some';

/** A new key reads, in all programs. Lists are words, as neither scopes nor slugs have blanks. */
export const EMPTY_KEY = { name: '', scopes: 'read', reach: FOR_ALL, programs: '' };

export function itemsOf(words: string): string[] {
  return words.split(' ').filter((word) => word !== '');
}

/**
 * Reads the form of a new key.
 *
 * @param own programs that the person's own key is bound to, of which a new one must name some; null: all
 */
export function readKeyForm(
  { name, scopes, reach, programs }: Readonly<Record<KeyField, string>>,
  own: readonly string[] | null,
): { readonly body?: KeyBody; readonly faults: KeyFaults } {
  const isBound = own !== null || reach === FOR_SOME;
  const typed = { name, scopes: itemsOf(scopes), ...(isBound ? { programs: itemsOf(programs) } : {}) };
  const read = createKeyBodySchema.safeParse(typed);
  const at = (field: KeyField): string | undefined => read.error?.issues.find(({ path }) => path[0] === field)?.message;
  const faults = {
    name: at('name'),
    scopes: typed.scopes.length === 0 ? 'Choose one right or more' : at('scopes'),
    programs: isBound && itemsOf(programs).length === 0 ? 'Choose one program or more' : at('programs'),
  };
  return read.success ? { body: read.data, faults } : { faults };
}
