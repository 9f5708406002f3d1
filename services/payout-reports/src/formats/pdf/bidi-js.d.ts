/** The ES module of bidi-js, whose type declarations are for its CommonJS file. */
declare module 'bidi-js/dist/bidi.mjs' {
  const bidiFactory: typeof import('bidi-js').default;
  export default bidiFactory;
  export type EmbeddingLevels = import('bidi-js').EmbeddingLevels;
}
