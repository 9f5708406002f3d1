import type { ApiService } from './problems.ts';
import { createStore } from './store.ts';

/** Services that gave no answer when they were last asked. */
export const lostServices = createStore<readonly ApiService[]>([]);

/** Whether the session has ended while the console was in use. */
export const sessionEnded = createStore(false);

export function noteLost(service: ApiService): void {
  const lost = lostServices.get();
  if (!lost.includes(service)) {
    lostServices.set([...lost, service]);
  }
}

/** An answer came, whatever it says: the service, and the console's server before it, are there. */
export function noteAnswered(service: ApiService): void {
  const lost = lostServices.get();
  if (lost.length > 0) {
    lostServices.set(lost.filter((one) => one !== service && one !== 'console'));
  }
}
