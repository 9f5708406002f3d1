/** Ids that have broken pages before: markup, steps of paths, separators, right-to-left, overrides, emoji, the longest. */
export const HOSTILE_IDS = [
  '<img src=x onerror=alert(1)>',
  '..',
  '.',
  'a/b?c#d%2F&e=f',
  'محمد العربي',
  'abc\u202Edef\u202C',
  '👩‍👩‍👧‍👦🇮🇩',
  'm'.repeat(128),
  '"quoted", and, commas',
];
