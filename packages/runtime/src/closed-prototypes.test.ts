import { beforeAll, describe, expect, it } from 'vitest';
import { closePrototypes } from './closed-prototypes.ts';

describe('closePrototypes', () => {
  beforeAll(() => {
    closePrototypes();
    closePrototypes();
  });

  const writeTo = (target: object, path: readonly string[], value: unknown): void => {
    const [key = '', ...rest] = path;
    if (rest.length === 0) {
      Object.assign(target, { [key]: value });
    } else {
      writeTo(Reflect.get(target, key), rest, value);
    }
  };

  it.each([
    [{}, '__proto__.kind'],
    [{}, 'constructor.prototype.kind'],
    [[], 'constructor.prototype.kind'],
    [[], '__proto__.kind'],
    [() => 1, 'constructor.prototype.kind'],
    [new Map(), 'constructor.prototype.kind'],
    [new Error('x'), 'constructor.prototype.kind'],
  ])('lets nothing into what all share: %j %s', (target, path) => {
    expect(() => writeTo(target, path.split('.'), 'clawback')).toThrow(TypeError);
    expect(Reflect.get({}, 'kind')).toBeUndefined();
    expect(Reflect.get([], 'kind')).toBeUndefined();
    expect(Reflect.get(() => 1, 'kind')).toBeUndefined();
  });

  it('leaves objects to their owners', () => {
    const own = { toString: () => 'before' };
    own.toString = () => 'after';
    const made: { toString?: () => string } = {};
    made.toString = () => 'made';
    expect([String(own), String(made)]).toEqual(['after', 'made']);
    expect(Object.hasOwn(JSON.parse('{"__proto__":1}'), '__proto__')).toBe(true);
  });
});
