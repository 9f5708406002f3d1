import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, serviceEnvironment } from './config.ts';

const shape = { ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(4101) };
const good = { DATABASE_URL: 'postgres://localhost/rewardbook' };

describe('readConfig', () => {
  it('fills in defaults, and listens on this machine only', () => {
    expect(readConfig(shape, good)).toEqual({ ...good, HOST: '127.0.0.1', PORT: 4101, LOG_LEVEL: 'info' });
  });

  it('takes an empty value for none', () => {
    expect(readConfig(shape, { ...good, PORT: '', REDIS_URL: '' })).toMatchObject({ PORT: 4101 });
  });

  it('lists every fault by name, without the values', () => {
    const bad = { DATABASE_URL: 'mysql://u:hunter2@h/d', PORT: 'many', LOG_LEVEL: 'loud', REDIS_URL: 'x' };
    let message = '';
    try {
      readConfig(shape, bad);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      if (error instanceof Error) {
        message = error.message;
      }
    }
    for (const name of Object.keys(bad)) {
      expect(message).toContain(name);
    }
    expect(message).not.toContain('hunter2');
    expect(() => readConfig(shape, {})).toThrow('DATABASE_URL is not set');
  });
});
