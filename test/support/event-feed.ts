/** A stream of server-sent events that somebody listens to. */
export interface EventFeed {
  /** The newest data of each event, by its name. */
  state(): Readonly<Record<string, unknown>>;
  /** Names of events in the order in which they came. */
  readonly names: readonly string[];
  /** Resolves when the stream has ended, however it did. */
  readonly ended: Promise<void>;
  leave(): void;
}

/** @throws Error with the status where the answer is not a stream */
export async function listenTo(url: string, headers: Readonly<Record<string, string>>): Promise<EventFeed> {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  if (answer.status !== 200 || answer.body === null) {
    throw new Error(`${answer.status}: ${await answer.text()}`);
  }
  const state: Record<string, unknown> = {};
  const names: string[] = [];
  const take = (block: string): void => {
    const name = /^event: (.+)$/m.exec(block)?.[1];
    const data = /^data: (.+)$/m.exec(block)?.[1];
    if (name !== undefined && data !== undefined) {
      names.push(name);
      state[name] = JSON.parse(data);
    }
  };
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let text = '';
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + piece).split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach(take);
    }
  };
  const ended = read(answer.body).catch(() => undefined); // broken off: it has ended, too
  return { state: () => state, names, ended, leave: () => leaving.abort() };
}
