import type { IncomingMessage } from 'node:http';
import { AppError } from '@rewardbook/runtime/http/errors';

/** Headers of which one makes a request a CloudEvent in binary mode; others of these names are extensions, which anybody may add. */
const TELLTALE = ['ce-specversion', 'ce-id', 'ce-type', 'ce-source'];
const PREFIX = 'ce-';
const PRINTABLE = /^[\x20-\x7e]*$/;
const QUOTED = /^"(.*)"$/;

/**
 * The attributes of a CloudEvent in binary mode (HTTP Protocol Binding 1.0.2, 3.1): headers `ce-…`, the body being its data.
 * Undefined where the request is none.
 *
 * @throws AppError `bad-request` for a header that says nothing certain
 */
export function binaryAttributes({ headers, rawHeaders }: IncomingMessage): Record<string, string> | undefined {
  if (!TELLTALE.some((name) => headers[name] !== undefined)) return undefined;
  const attributes: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (!name.startsWith(PREFIX)) continue;
    const attribute = name.slice(PREFIX.length);
    // Node would put two values into one text, which is neither.
    if (attributes.some(([other]) => other === attribute)) {
      throw new AppError('bad-request', `The header ${name} is there twice; give it once`);
    }
    attributes.push([attribute, attributeOf(name, rawHeaders[at + 1] ?? '')]);
  }
  return Object.fromEntries(attributes);
}

function attributeOf(name: string, text: string): string {
  if (!PRINTABLE.test(text)) {
    throw new AppError('bad-request', `The header ${name} has more than ASCII; percent-encode it, in UTF-8`);
  }
  const inner = QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? text;
  try {
    return decodeURIComponent(inner);
  } catch (cause) {
    throw new AppError('bad-request', `The header ${name} is not percent-encoded UTF-8; a plain % is %25`, { cause });
  }
}
