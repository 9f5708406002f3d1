import { namesProgram } from '@rewardbook/runtime/access/key-programs';
import type { App } from '@rewardbook/runtime/app';
import { addressOf, OPEN } from './walk-routes.ts';

export interface BoundWalk {
  /** Headers of a key with every scope that is bound to a program. */
  readonly headers: Readonly<Record<string, string>>;
  /** A program that is there, and that the key is not for. */
  readonly otherProgram: string;
  /** Routes without a program in their path that answer bound keys all the same, each with what keeps it to their programs. */
  readonly narrowed: Readonly<Record<string, string>>;
}

export interface BoundWalked {
  readonly routes: number;
  /** What is not as it must be, a line each. */
  readonly faults: string[];
}

const MISSING = 'nobodys-program';

/**
 * Asks every route of an app with a key that is bound to a program: about another one, which must be answered exactly as a program
 * that is not there, or, where no program is in the path, with a refusal, or by a handler that is named in `narrowed`.
 */
export async function walkWithBoundKey(app: App, { headers, otherProgram, narrowed }: BoundWalk): Promise<BoundWalked> {
  const faults: string[] = [];
  const routes = app.registeredRoutes().filter(({ url }) => !OPEN.test(url));
  for (const { method, url, boundKeys } of routes) {
    const route = `${method} ${url}`;
    const ask = async (program: string) => {
      const sent = { ...headers, 'x-request-id': 'walk' };
      const answer = await app.inject({ method: method as 'GET', url: addressOf(url, program), headers: sent });
      return { status: answer.statusCode, body: answer.body };
    };
    if (namesProgram(url)) {
      const [other, missing] = [await ask(otherProgram), await ask(MISSING)];
      if (other.status !== 404 || (method !== 'HEAD' && !other.body.includes('"program-unknown"'))) {
        faults.push(`${route} answers ${other.status} ${other.body}`);
      } else if (other.body !== missing.body.replaceAll(MISSING, otherProgram) || missing.status !== 404) {
        faults.push(`${route} tells whether a program is there: ${other.body} and ${missing.body}`);
      }
      continue;
    }
    if (narrowed[`${method === 'HEAD' ? 'GET' : method} ${url}`] !== undefined) {
      const { status, body } = await ask(otherProgram);
      if (boundKeys !== 'narrowed' || body.includes(otherProgram) || status >= 500) {
        faults.push(`${route} is not narrowed, and answers ${status} ${body}`);
      }
      continue;
    }
    const { status, body } = await ask(otherProgram);
    if (status !== 403 || (method !== 'HEAD' && !body.includes('"key-bound"'))) {
      faults.push(`${route} has no program in its path, is on no list, and answers ${status}`);
    }
  }
  return { routes: routes.length, faults };
}
