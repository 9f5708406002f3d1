import { createStore } from '../api/store.ts';

/** Why the link that the page was opened with did not sign in; undefined: it did, or there was no token in it. */
export const linkFailure = createStore<unknown>(undefined);
