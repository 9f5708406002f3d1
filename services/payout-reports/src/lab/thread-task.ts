import type { MessagePort } from 'node:worker_threads';
import { closePrototypes } from '@rewardbook/runtime/closed-prototypes';

/** What a thread gets for one task: what to work on, and where it is heard meanwhile. */
export interface ThreadTask<Given> {
  readonly given: Given;
  readonly port: MessagePort;
}

/** What a thread says while it works: that it has begun, then how far it is. */
export type ThreadMessage<Progress> = { readonly begun: true } | { readonly progress: Progress };

/** A task as the pool runs it in a thread. That it has begun is said first: loading the thread's code is not its time. */
export function taskOfThread<Given, Progress, Result>(
  work: (given: Given, tell: (progress: Progress) => void) => Result | Promise<Result>,
): (task: ThreadTask<Given>) => Promise<Result> {
  closePrototypes();
  return async ({ given, port }) => {
    const say = (message: ThreadMessage<Progress>): void => port.postMessage(message);
    say({ begun: true });
    try {
      return await work(given, (progress) => say({ progress }));
    } finally {
      port.close();
    }
  };
}
