import { describe, expect, it } from 'vitest';
import { createLogger, withoutSecrets } from './logger.ts';

describe('the logger', () => {
  it('keeps secrets out of its lines, wherever they are', () => {
    const lines: string[] = [];
    const logger = createLogger({
      name: 'test',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    });
    const key = `rb_${'a'.repeat(43)}`;
    logger.info({ headers: { authorization: `Bearer ${key}` } }, 'headers');
    logger.error({ err: new Error('connect to postgres://user:hunter2@db:5432/x failed') }, 'url');
    logger.info(`authorization: Bearer ${key}, and ${key}`);
    logger.info({ url: 'redis://:hunter2@cache:6379' }, 'redis');
    const text = lines.join('');
    expect(text).not.toMatch(/hunter2|aaaa/);
    expect(text).toContain('postgres://user:***@db:5432/x');
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });
});

describe('secrets', () => {
  it.each([
    ['letters', 'a'.repeat(300_000)],
    ['schemes', 'http://'.repeat(50_000)],
    ['users', `x://${'u:'.repeat(150_000)}`],
    ['bearers', `${'bearer '.repeat(50_000)}`],
    ['spaces after bearer', `bearer${' '.repeat(300_000)}`],
    ['half keys', 'rb_'.repeat(100_000)],
    ['half keys apart', `${'rb_aaaaaaaaaaaaaaaaaaa '.repeat(15_000)}`],
  ])('are looked for in time that grows with the text: %s', (_what, text) => {
    const begun = performance.now();
    withoutSecrets(text);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
