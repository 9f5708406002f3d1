import { EmbeddedPostgresError } from './error.ts';

/** Whom the server runs as when we are root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root, so root needs another user: `postgres` if it exists, else `nobody`.
 *
 * @param effectiveUid ours; undefined where the system has no such thing
 * @param passwd the text of /etc/passwd
 * @returns undefined where the server can run as ourselves
 * @throws EmbeddedPostgresError `no-user`
 */
export function chooseServerUser(effectiveUid: number | undefined, passwd: string): ServerUser | undefined {
  if (effectiveUid !== 0) {
    return undefined;
  }
  const users = new Map<string, ServerUser>();
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) {
      users.set(name, { name, uid: Number(uid), gid: Number(gid) });
    }
  }
  for (const name of ['postgres', 'nobody']) {
    const user = users.get(name);
    if (user !== undefined && user.uid !== 0) {
      return user;
    }
  }
  throw new EmbeddedPostgresError(
    'no-user',
    'PostgreSQL refuses to run as root, and /etc/passwd has neither `postgres` nor `nobody` to run it as. ' +
      'Run as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}
