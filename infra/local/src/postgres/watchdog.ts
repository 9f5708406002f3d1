import { spawn } from 'node:child_process';

/**
 * How long the server gets for each kind of shutdown, the gentlest first. A fast shutdown (INT) writes everything to
 * its files; one that comes while the server recovers from a backend's crash can wait forever (seen with PostgreSQL
 * 18). An immediate one (QUIT) is as safe as a crash: the next start recovers. Only KILL ends a server that is stopped
 * (SIGSTOP) or stuck; its processes exit when they see that it is gone.
 */
export const SHUTDOWN_LIMITS_S = { fast: 10, immediate: 10 } as const;

/**
 * A shell that stops the server when this process has ended, killed or not: it waits on a pipe whose other end only we
 * hold, and which the system then closes. No other way for a process to learn that its parent died works on every
 * system.
 *
 * @param remove a folder to remove once the server has ended; undefined: nothing
 * @returns stops watching
 */
export function watchOver(
  pid: number,
  remove: string | undefined,
  limits: Readonly<Record<keyof typeof SHUTDOWN_LIMITS_S, number>> = SHUTDOWN_LIMITS_S,
): () => void {
  const script = `
    is_gone() { # within $1 tenths of a second
      left=$1
      while kill -0 "$server" 2>/dev/null; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1)); sleep 0.1
      done
    }
    server=$1
    read -r _
    kill -INT "$server" 2>/dev/null
    is_gone "$3" || { kill -QUIT "$server" 2>/dev/null; is_gone "$4"; } || kill -KILL "$server" 2>/dev/null
    if [ -n "$2" ]; then is_gone 100; rm -rf -- "$2"; fi`;
  const tenths = [limits.fast, limits.immediate].map((seconds) => String(10 * seconds));
  const shell = spawn('/bin/sh', ['-c', script, 'rewardbook-watchdog', String(pid), remove ?? '', ...tenths], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined); // no shell: then only our own stop() ends the server
  shell.stdin?.on('error', () => undefined);
  shell.unref();
  if (shell.stdin !== null && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function') {
    shell.stdin.unref();
  }
  return () => {
    shell.kill('SIGKILL');
  };
}
