import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerUser } from './server-user.ts';

/**
 * The outermost folder on the way to `folder` (itself included) that the user may not enter, by its mode bits.
 *
 * @param folder exists
 * @param user undefined: ourselves, who are not checked (the system's own message will do)
 */
export async function findBarrier(folder: string, user: ServerUser | undefined): Promise<string | undefined> {
  if (user === undefined) {
    return undefined;
  }
  const path = await realpath(folder);
  const chain = [path];
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    chain.unshift(dirname(at));
  }
  for (const at of chain) {
    const { mode, uid, gid } = await stat(at);
    const mayEnter = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
    if (!mayEnter) {
      return at;
    }
  }
  return undefined;
}
