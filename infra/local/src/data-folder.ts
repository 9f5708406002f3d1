import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the system keeps its files: `given`, else $REWARDBOOK_DATA, else /var/lib/rewardbook for root and
 * $XDG_DATA_HOME/rewardbook or ~/.local/share/rewardbook for everyone else.
 *
 * @param effectiveUid undefined where the system has no such thing
 */
export function dataFolder(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  effectiveUid: number | undefined = process.geteuid?.(),
): string {
  const chosen = given ?? env.REWARDBOOK_DATA;
  if (chosen !== undefined && chosen !== '') {
    return resolve(chosen);
  }
  if (effectiveUid === 0) {
    return '/var/lib/rewardbook';
  }
  const { XDG_DATA_HOME: xdg, HOME: home } = env;
  // XDG Base Directory Specification: a relative path is to be ignored.
  const base = xdg?.startsWith('/') ? xdg : join(home || homedir(), '.local/share');
  return join(base, 'rewardbook');
}
