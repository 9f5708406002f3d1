import { describe, expect, it } from 'vitest';
import { withTimeout } from './with-timeout.ts';

const late = () => new Error('late');
const never = new Promise<never>(() => undefined);

describe('withTimeout', () => {
  it('gives what the work gives, or throws what it throws', async () => {
    expect(await withTimeout(60_000, Promise.resolve(7), late)).toBe(7);
    await expect(withTimeout(60_000, Promise.reject(new Error('no')), late)).rejects.toThrow('no');
  });

  it('throws once the time is over, and ignores what the work comes to then', async () => {
    await expect(withTimeout(1, never, late)).rejects.toThrow('late');
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    await expect(withTimeout(1, work, late)).rejects.toThrow('late');
    fail(new Error('an unhandled rejection would fail the test run'));
    await expect(work).rejects.toThrow('an unhandled rejection');
  });
});
