import { Agent, request } from 'node:http';

export interface PacedLoad {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly perSecond: number;
  readonly seconds: number;
  readonly body: () => string;
}

/**
 * Posts at an even pace, whatever the answers do, and measures each from the moment at which it was due: a server that stalls
 * cannot hide it by slowing the client down.
 *
 * @returns latencies in milliseconds, ascending
 */
export async function postPaced({ url, headers, perSecond, seconds, body }: PacedLoad): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const latencies: number[] = [];
  const total = perSecond * seconds;
  const begun = performance.now();
  const post = (dueAtMs: number) =>
    new Promise<void>((resolve, reject) => {
      const sending = request(url, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', ...headers },
      });
      sending.once('error', reject);
      sending.once('response', (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode !== 200) {
            reject(new Error(`answered with ${response.statusCode}`));
          }
          latencies.push(performance.now() - dueAtMs);
          resolve();
        });
      });
      sending.end(body());
    });
  const posts: Promise<void>[] = [];
  while (posts.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * perSecond) / 1000) + 1);
    while (posts.length < due) {
      posts.push(post(begun + (posts.length * 1000) / perSecond));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(posts);
  agent.destroy();
  return latencies.sort((a, b) => a - b);
}
