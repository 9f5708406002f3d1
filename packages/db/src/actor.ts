/**
 * In whose name something is done, in the form that the books require: the SHA-256, in hex, of the API key that the
 * request came with. null: in the name of whoever asked for it, when an approved request is carried out.
 */
export type Actor = string | null;
