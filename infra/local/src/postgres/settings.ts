import { statfs } from 'node:fs/promises';

/** Parallel queries share memory there; with a container's usual 64 MB they fail with `No space left on device`. */
const ENOUGH_SHARED_MEMORY_BYTES = 512 * 2 ** 20;

/** Whether /dev/shm is too small; false if it does not exist (the server then uses something else). */
export async function isSharedMemoryScarce(): Promise<boolean> {
  const found = await statfs('/dev/shm').catch(() => undefined);
  return found !== undefined && found.blocks * found.bsize < ENOUGH_SHARED_MEMORY_BYTES;
}

/**
 * The server's settings, for one machine that also runs the services. Everything that durability rests on
 * (fsync, full_page_writes, synchronous_commit) stays on.
 *
 * @param durable false, for tests: what the system keeps in memory is lost with it. A killed server still loses nothing:
 * synchronous_commit stays on, so the log has left the process before a commit is answered.
 * @param scarceMemory shared memory in files of the data folder instead of /dev/shm
 */
export function serverSettings(port: number, durable: boolean, scarceMemory: boolean): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    effective_cache_size: '1GB',
    maintenance_work_mem: '128MB',
    work_mem: '16MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: '1.1',
    jit: 'off', // costs more than it gains on statements this short
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    logging_collector: 'off',
    ...(scarceMemory ? { dynamic_shared_memory_type: 'mmap' } : {}),
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
}
