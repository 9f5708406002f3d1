import { spawn } from 'node:child_process';

/**
 * A shell that stops the server when we are gone, killed or not: it waits on a pipe whose other end only we hold, and
 * the system closes that. Nothing else tells a process on every system that its parent died.
 *
 * @param remove a folder to remove once the server has ended; undefined: nothing
 * @returns stops watching
 */
export function watchOver(pid: number, remove: string | undefined): () => void {
  const script =
    'read -r _; kill -INT "$1" 2>/dev/null; ' +
    'if [ -n "$2" ]; then while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf -- "$2"; fi';
  const shell = spawn('/bin/sh', ['-c', script, 'rewardbook-watchdog', String(pid), remove ?? ''], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined); // no shell: then only our own stop() ends the server
  shell.stdin?.on('error', () => undefined);
  shell.unref();
  if (shell.stdin !== null && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return () => {
    shell.kill('SIGKILL');
  };
}
