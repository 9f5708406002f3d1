import { AppError } from '@rewardbook/runtime/http/errors';

/** `.` and `..`, also percent-encoded: steps to whoever is on the way (RFC 3986, 5.2.4). Ids of this form are written `~.` and `~..`. */
const STEP = /^(\.|%2e){1,2}$/i;
/** Taken for slashes or for an end by some; addresses have them percent-encoded. */
const AMBIGUOUS = /[\\#\s]/;

/**
 * Where a request goes in its service: the address after `prefix`, to the byte, with its query.
 *
 * @throws AppError where the address could lead out of `/v1/`
 */
export function servicePathOf(url: string, prefix: string): string {
  const [path = ''] = url.split('?', 1);
  const rest = url.slice(prefix.length);
  // The router decodes what it compares: an address that only looks like this one after that is not passed on.
  const isPlain = url.startsWith(`${prefix}/v1/`) && !AMBIGUOUS.test(url);
  if (!isPlain || path.split('/').some((part) => STEP.test(part))) {
    throw new AppError('bad-request', 'The address has steps (. or ..) or characters that an address does not have');
  }
  return rest;
}
