import { z } from 'zod';

// Clients and proxies take a part `.` or `..` of an address for a step (RFC 3986, 5.2.4), also where it is percent-encoded.
const STEP = /^~*\.\.?$/;
const ESCAPED_STEP = /^~+\.\.?$/;

/** An id as a part of an address: percent-encoded; `.` and `..` with a `~` before them, and so are those that begin with it then. */
export function encodePathPart(id: string): string {
  return STEP.test(id) ? `~${id}` : encodeURIComponent(id);
}

/** The id that `encodePathPart` wrote, from a part of which the percent signs are decoded. */
export function decodePathPart(part: string): string {
  return ESCAPED_STEP.test(part) ? part.slice(1) : part;
}

/** The schema of an id in an address. */
export function pathPart<Schema extends z.ZodType<string, string>>(id: Schema) {
  return z
    .string()
    .min(1)
    .describe('"." and ".." are written "~." and "~.."; one that has this form already gets one more "~"')
    .transform(decodePathPart)
    .pipe(id);
}
