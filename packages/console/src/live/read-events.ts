import { type ApiCall, send } from '../api/client.ts';

/** One event of a stream. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** A stream says at least every 15 s that it is there; after as long as this it is lost. */
const SILENCE_MS = 40_000;

/**
 * Reads a stream of server-sent events to its end. By fetch, not EventSource, which keeps to itself why it was refused.
 *
 * @throws ApiProblem, ServiceLost where it was not let in; Error where it broke off
 */
export async function readEvents(
  call: ApiCall & { readonly signal: AbortSignal },
  onEvent: (event: StreamEvent) => void,
): Promise<void> {
  const silence = new AbortController();
  const signal = AbortSignal.any([call.signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(new Error('the stream is silent')), SILENCE_MS);
  try {
    const answer = await send({ ...call, signal, accept: 'text/event-stream' });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const take = eventTaker(onEvent);
    for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(new Error('the stream is silent')), SILENCE_MS);
      take(piece.value);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Takes the text of a stream as it comes, and gives its events (HTML Living Standard, 9.2.6; our services write `\n` alone). */
export function eventTaker(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let name = 'message';
      const data: string[] = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) {
          name = line.slice('event: '.length);
        } else if (line.startsWith('data: ')) {
          data.push(line.slice('data: '.length));
        }
      }
      if (data.length > 0) {
        onEvent({ name, data: data.join('\n') });
      }
    }
  };
}
