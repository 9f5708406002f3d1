import type { IncomingMessage } from 'node:http';
import { AppError } from '@rewardbook/runtime/http/errors';

/** Any of these headers makes a request a CloudEvent in binary mode; other `ce-` headers are extensions. */
const TELLTALE = ['ce-specversion', 'ce-id', 'ce-type', 'ce-source'];
const PREFIX = 'ce-';
const PRINTABLE = /^[\x20-\x7e]*$/;
const QUOTED = /^"(.*)"$/;

/**
 * The attributes of a CloudEvent in binary mode (HTTP Protocol Binding 1.0.2, 3.1): headers `ce-…`; the body
 * is the data. Undefined if the request is not such a CloudEvent.
 *
 * @throws AppError `bad-request` for a header whose value is ambiguous or cannot be read
 */
export function binaryAttributes({ headers, rawHeaders }: IncomingMessage): Record<string, string> | undefined {
  if (!TELLTALE.some((name) => headers[name] !== undefined)) {
    return undefined;
  }
  const attributes: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (!name.startsWith(PREFIX)) {
      continue;
    }
    const attribute = name.slice(PREFIX.length);
    // Node would join two values into one text that is neither of them.
    if (attributes.some(([other]) => other === attribute)) {
      throw new AppError('bad-request', `The header ${name} occurs twice; send it once`);
    }
    attributes.push([attribute, attributeOf(name, rawHeaders[at + 1] ?? '')]);
  }
  return Object.fromEntries(attributes);
}

function attributeOf(name: string, text: string): string {
  if (!PRINTABLE.test(text)) {
    throw new AppError('bad-request', `The header ${name} has characters outside ASCII; percent-encode it as UTF-8`);
  }
  const inner = QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? text;
  try {
    return decodeURIComponent(inner);
  } catch (cause) {
    throw new AppError('bad-request', `The header ${name} is not percent-encoded UTF-8; a plain % is %25`, { cause });
  }
}
