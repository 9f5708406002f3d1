/**
 * In whose name something is done, as the books want it said: the SHA-256, in hex, of the API key that it came with. null: of whoever asked
 * for it, where it was approved and is only carried out.
 */
export type Actor = string | null;
