// A link has a short text unchanged, a longer one packed, and of one that is too long for any link its name in this browser.

const MAX_PLAIN = 900;
/** Servers and chats cut off longer addresses. */
const MAX_LINKED = 6_000;
const PACKED = '~';
const KEPT = '!';
const STORE = 'lab-text:';

/** What stands in a link for a text. Without `!` in front it reproduces the text anywhere. */
export async function toLinked(text: string): Promise<string> {
  if (text.length <= MAX_PLAIN && !text.startsWith(PACKED) && !text.startsWith(KEPT)) {
    return text;
  }
  const packed = PACKED + toBase64(await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw')));
  if (packed.length <= MAX_LINKED) {
    return packed;
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const name = toBase64(hash).slice(0, 22);
  localStorage.setItem(STORE + name, text);
  return KEPT + name;
}

/** Whether a link works in this browser only. */
export function isKeptHere(linked: string | undefined): boolean {
  return linked?.startsWith(KEPT) === true;
}

/** @throws Error where the text was kept in another browser, or the link is damaged */
export async function fromLinked(linked: string): Promise<string> {
  if (linked.startsWith(KEPT)) {
    const text = localStorage.getItem(STORE + linked.slice(1));
    if (text === null) {
      throw new Error(
        'A text of this link was too long for it and is kept in the browser that made it: ask for its file',
      );
    }
    return text;
  }
  if (!linked.startsWith(PACKED)) {
    return linked;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      await through(fromBase64(linked.slice(1)), new DecompressionStream('deflate-raw')),
    );
  } catch (cause) {
    throw new Error('This link is damaged: a part of it is missing', { cause });
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = new Response(
    new Blob([bytes])
      .stream()
      .pipeThrough(stream as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>),
  );
  return new Uint8Array(await answer.arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
