import { AppError } from '@rewardbook/runtime/http/errors';
import { findBuiltApp } from './built-app.ts';
import { ConsoleAppError } from './error.ts';

/** The console's app, built from this checkout when it is first asked for. */
export interface AppOfCheckout {
  /** @throws ConsoleAppError where it cannot be built */
  build(): Promise<void>;
  /** Its folder, for the service. @throws AppError `not-ready` where it cannot be built */
  find(): Promise<string>;
}

export function appOfCheckout(): AppOfCheckout {
  let finding: Promise<string> | undefined;
  const find = (): Promise<string> => {
    if (finding === undefined) {
      const onBuild = () =>
        process.stderr.write('Building the console; this is needed once after each change of its sources …\n');
      finding = findBuiltApp({ onBuild });
      finding.catch(() => {
        finding = undefined; // asked again, it is tried again
      });
    }
    return finding;
  };
  return {
    build: async () => void (await find()),
    find: () =>
      find().catch((cause: unknown) => {
        throw cause instanceof ConsoleAppError ? new AppError('not-ready', cause.message, { cause }) : cause;
      }),
  };
}
