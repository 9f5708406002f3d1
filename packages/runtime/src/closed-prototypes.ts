const BUILT_IN = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  BigInt,
  Symbol,
  Date,
  RegExp,
  Map,
  Set,
  Promise,
  Error,
];

/**
 * The last line of defence against a name from outside that reaches a prototype: nothing can be added to the prototypes that
 * all objects share, and `__proto__` throws, as with `node --disable-proto=throw`. For good, and for this thread only.
 *
 * What is there stays writable: libraries give their own objects a `toString`, and frozen prototypes would not let them.
 */
export function closePrototypes(): void {
  for (const { prototype } of BUILT_IN) {
    Object.preventExtensions(prototype);
  }
  const refuse = (): never => {
    throw new TypeError('__proto__ is not used here');
  };
  if (Object.getOwnPropertyDescriptor(Object.prototype, '__proto__')?.configurable !== true) {
    return;
  }
  Object.defineProperty(Object.prototype, '__proto__', { get: refuse, set: refuse, configurable: false });
}
