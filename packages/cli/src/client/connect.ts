import type { Io } from '../terminal/io.ts';
import { Client } from './client.ts';
import { findSystem } from './connection.ts';

/**
 * A client of the system that `--data`, the environment or the default data folder names; it ends its requests when the command is
 * interrupted.
 *
 * @param data the folder given with `--data`, if it was
 * @throws CliFailure 2 or 3 that says how to give an address
 */
export async function connectToSystem(data: string | undefined, io: Io): Promise<Client> {
  return new Client(await findSystem(data, io), io.signal);
}
