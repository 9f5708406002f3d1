// Where a Uint32Array over a 64-bit word has its low and its high half: a matter of byte order. Reading a bigint's low 64 bits through
// such a pair of arrays compiles to plain stores and loads, where `asUintN`, `Number` or a shift may call into V8's runtime.
export const LOW_HALF = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 0 : 1;
export const HIGH_HALF = 1 - LOW_HALF;
