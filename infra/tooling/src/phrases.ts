/** A phrase that has a plainer form. */
export interface Phrase {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Wordings that a native speaker would not choose, or that a reader has to decode. Prose of code, SQL and READMEs is searched. */
export const BANNED_PHRASES: readonly Phrase[] = [
  {
    pattern: /\b(is|are|was|were) none\b(?!\s+(of|left))/,
    instead: 'say what it is not: "is not a period of this program"',
  },
  { pattern: /\bthere is none\b/, instead: '"there is no …", or "if there is one" turned round' },
  { pattern: /\bso many\b/, instead: 'the number, or "that many"' },
  { pattern: /\bany more\b/, instead: '"no longer"' },
  { pattern: /\bfor good\b/, instead: '"permanently" or "cannot be undone"' },
  { pattern: /\b(it|that|this|they|he|she) stands\b/i, instead: 'what it does: "is current", "applies", "is stored"' },
  { pattern: /\bas (it|they) (is|are)\b/, instead: '"unchanged", "as written", "as stored"' },
  { pattern: /\bso already\b/, instead: '"already" and the state' },
  { pattern: /\bwhere it is (so|none)\b/, instead: 'the condition itself' },
  { pattern: /\bgoes by\b/, instead: '"uses" or "depends on"' },
  { pattern: /\bbeside (it|them|that|each)\b/, instead: '"next to" or "as well as"' },
  { pattern: /\bof the kind\b/, instead: 'the kind' },
  { pattern: /\bis (were|was) told\b|\bare told\b/, instead: '"is sent", "is notified"' },
  {
    pattern: /\b(DOMAIN|DESIGN|LAYOUT|CONSOLE|STYLE)\.md\b/,
    instead: 'a document of this repository, as packages/domain/README.md',
  },
];
