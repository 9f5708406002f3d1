import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

describe('the logger', () => {
  it('keeps secrets out of its lines, wherever they stand', () => {
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
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });
});
