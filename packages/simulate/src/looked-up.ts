/** How many events are looked up together: what they need of the tables fits well into a core's cache. */
export const TOGETHER = 128;

/** What is known of events before they are taken, by their places among those that are looked up together. Numbers are below 0 where a text is new. */
export class LookedUp {
  readonly viewerHashes = new Int32Array(TOGETHER);
  readonly creatorHashes = new Int32Array(TOGETHER);
  readonly contentHashes = new Int32Array(TOGETHER);
  readonly viewers = new Int32Array(TOGETHER);
  readonly creators = new Int32Array(TOGETHER);
  readonly contents = new Int32Array(TOGETHER);
  readonly sources = new Int32Array(TOGETHER);
  readonly identityHashes = new Int32Array(TOGETHER);
  /** What was read only so that it lies in the cache afterwards: kept, or the compiler would leave the reading out. */
  readonly touched = new Int32Array(TOGETHER);
}
