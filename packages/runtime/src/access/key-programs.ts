import { AppError } from '../http/errors.ts';
import type { KnownKey } from './key-cache.ts';

/**
 * What a route without a program in its path does for a key that is bound to some: `narrowed`, its handler looks at the key and
 * gives or does only what belongs to these (`ownPrograms`, `requireOwnProgram`, or things that each key has for itself).
 */
export type BoundKeys = 'narrowed';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Left out, on a route without a program in its path: bound keys are refused. */
    boundKeys?: BoundKeys;
  }
}

/** What is looked at of a route: the name of the parameter is the same everywhere. */
interface AskedRoute {
  readonly url: string | undefined;
  readonly params: unknown;
  readonly boundKeys: BoundKeys | undefined;
}

/** Whether a route's pattern names a program. */
export function namesProgram(url: string): boolean {
  return /\/:program(\/|$)/.test(url);
}

/**
 * Lets a key that is bound to programs ask only about these, on every route: called once, before anything else of a request is
 * looked at.
 *
 * @throws AppError `program-unknown`, whether there is such a program or not; `key-bound` where a route is for all programs
 */
export function requireBound(key: KnownKey, { url = '', params, boundKeys }: AskedRoute): void {
  if (key.programs === null) {
    return;
  }
  if (namesProgram(url)) {
    const program: unknown = Reflect.get(Object(params), 'program');
    requireOwnProgram(key, String(program));
  } else if (boundKeys === undefined) {
    throw new AppError(
      'key-bound',
      `This is about all programs, and the API key "${key.name}" is for ${key.programs.join(', ')}; ask with a key for all`,
    );
  }
}

/** @throws AppError `program-unknown`, whether there is such a program or not, unless the key is for it */
export function requireOwnProgram({ programs }: Pick<KnownKey, 'programs'>, slug: string): void {
  if (programs !== null && !programs.includes(slug)) {
    throw new AppError('program-unknown', `There is no program ${slug}; apply its policy first`);
  }
}

/** Slugs of the programs that a list of a key is about, one of them if it asks for that alone; null: all. @throws as `requireOwnProgram` */
export function ownPrograms(key: Pick<KnownKey, 'programs'>, asked?: string): readonly string[] | null {
  if (asked === undefined) {
    return key.programs;
  }
  requireOwnProgram(key, asked);
  return [asked];
}
