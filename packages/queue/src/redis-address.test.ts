import { describe, expect, it } from 'vitest';
import { parseRedisAddress } from './redis-address.ts';

const plain = { isEncrypted: false, username: undefined, password: undefined, database: 0 };
const noSentinel = { primaryName: undefined, sentinelPassword: undefined };

describe('REDIS_URL', () => {
  it('is one server, with its database and who signs in', () => {
    expect(parseRedisAddress('redis://127.0.0.1')).toEqual({
      kind: 'server',
      nodes: [{ host: '127.0.0.1', port: 6379 }],
      ...plain,
      ...noSentinel,
    });
    expect(parseRedisAddress('rediss://rewardbook:p%40ss:word@[::1]:7000/3')).toEqual({
      kind: 'server',
      nodes: [{ host: '::1', port: 7000 }],
      isEncrypted: true,
      username: 'rewardbook',
      password: 'p@ss:word',
      database: 3,
      ...noSentinel,
    });
    expect(parseRedisAddress('redis://:secret@h')).toMatchObject({ username: undefined, password: 'secret' });
  });

  it('is some nodes of a cluster', () => {
    expect(parseRedisAddress('redis-cluster://a:7001,b,[::1]:7003')).toMatchObject({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7001 },
        { host: 'b', port: 6379 },
        { host: '::1', port: 7003 },
      ],
    });
    expect(parseRedisAddress('rediss-cluster://:pw@one')).toMatchObject({ isEncrypted: true, password: 'pw' });
  });

  it('is Sentinels and the name of a primary', () => {
    expect(parseRedisAddress('redis-sentinel://:pw@s1,s2:5000/main?sentinelPassword=other')).toMatchObject({
      kind: 'sentinel',
      nodes: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 5000 },
      ],
      password: 'pw',
      primaryName: 'main',
      sentinelPassword: 'other',
    });
  });

  it.each([
    ['http://h', 'is not one of redis://'],
    ['redis://', 'is not one of redis://'],
    ['redis://a,b', 'write redis-cluster://'],
    ['redis://secret@h:port', 'host that is not host:port'],
    ['redis://h:70000', 'host that is not host:port'],
    ['redis://h/first', 'number of a database'],
    ['redis-cluster://h/2', 'a cluster has none but 0'],
    ['redis-sentinel://h', 'no name of the primary'],
    ['redis://h?tls=true', 'options that are not known'],
    ['redis://:100%@h', '% as %25'],
  ])('%s is refused, without repeating it', (text, reason) => {
    expect(() => parseRedisAddress(text)).toThrow(reason);
    expect(() => parseRedisAddress(text)).not.toThrow(/secret/);
  });
});
