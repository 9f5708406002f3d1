/**
 * The server's settings, for one machine that also runs the services. Everything that durability rests on
 * (fsync, full_page_writes, synchronous_commit) stays on.
 *
 * @param durable false, for tests: what the system keeps in memory is lost with it. A killed server still loses nothing:
 * synchronous_commit stays on, so the log has left the process before a commit is answered.
 */
export function serverSettings(port: number, durable: boolean): Record<string, string> {
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
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
}
