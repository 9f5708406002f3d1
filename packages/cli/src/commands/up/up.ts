import { dataFolder } from '@rewardbook/local/data-folder';
import { printJson } from '../../files/output.ts';
import type { Io } from '../../terminal/io.ts';
import { write } from '../../terminal/io.ts';
import type { UpOptions } from './command.ts';
import { describeConsole, describeSystem, serversOf, untilStopped, withLocalSystem } from './local-system.ts';

/** Runs the system until it is stopped, which is its normal end: exit code 0. */
export async function up({ data, port, json }: UpOptions, io: Io): Promise<void> {
  const dataDir = dataFolder(data, io.env);
  await withLocalSystem({ ...serversOf(io), dataDir, port }, io, async (system) => {
    if (json) {
      await printJson(io, { urls: system.urls, dataDir: system.dataDir, consoleLink: system.consoleLink() });
    } else {
      const link = await describeConsole(system, io);
      await write(io.stdout, `Rewardbook is up; Ctrl-C stops it.\n${link}${describeSystem(system)}`);
    }
    await untilStopped(io);
    io.stderr.write('Stopping: what is under way is finished first.\n');
  });
}
