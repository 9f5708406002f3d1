/**
 * Settings of every connection. A server, database or role may have others by default, and these change what is read or how SQL is
 * understood: dates go into hashes as text, whole numbers come as float8, bytes as hex, and a call that locks a row before it reads
 * rests on READ COMMITTED.
 */
export const SESSION: Readonly<Record<string, string>> = {
  search_path: 'rewardbook,pg_temp',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1', // the shortest text that reads back as the same number
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  client_connection_check_interval: '2s', // a statement ends with whoever waits for it
};

/** The same for `pg`, in its `options`; `left` are those that its user sets itself. */
export function sessionOptions(...left: readonly string[]): string {
  return Object.entries(SESSION)
    .filter(([name]) => !left.includes(name))
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');
}
