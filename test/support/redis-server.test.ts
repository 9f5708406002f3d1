import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisMissing, startRedisServer } from './redis-server.ts';

it.skipIf(redisMissing !== undefined)(
  `keeps what was written when it is killed${redisMissing ? ` (${redisMissing})` : ''}`,
  async () => {
    const server = await startRedisServer();
    const client = new Redis(server.url);
    client.on('error', () => undefined);
    try {
      await client.set('kept', '1');
      await server.kill();
      await server.restart();
      expect(await client.get('kept')).toBe('1');
    } finally {
      client.disconnect();
      await server.stop();
    }
  },
);
