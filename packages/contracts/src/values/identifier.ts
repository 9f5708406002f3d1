import { z } from 'zod';

/** Longest identifier, in Unicode code points. */
export const MAX_IDENTIFIER_CODE_POINTS = 128;

// Cc is C0, DEL and C1; in a `u` expression a paired surrogate is one code point and a lone one is a \p{Surrogate}.
const IDENTIFIER = /^[^\p{Cc}\p{Surrogate}]{1,128}$/u;
const CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

export type IdentifierFault = 'empty' | 'too-long' | 'control-character' | 'lone-surrogate';

/**
 * What is wrong with an identifier (event, viewer, creator, content, source, reference), or undefined if it is good:
 * 1–128 Unicode code points, no control characters, no lone surrogates, taken unchanged (no normalisation).
 */
export function identifierFault(text: string): IdentifierFault | undefined {
  if (IDENTIFIER.test(text)) {
    return undefined;
  }
  if (text.length === 0) {
    return 'empty';
  }
  // A code point is at most two units: this bounds the work below for texts of megabytes.
  if (text.length > 2 * MAX_IDENTIFIER_CODE_POINTS || [...text].length > MAX_IDENTIFIER_CODE_POINTS) {
    return 'too-long';
  }
  return CONTROL.test(text) ? 'control-character' : 'lone-surrogate';
}

/** The fault of `identifierFault` in words, for the field called `name`. */
export function describeIdentifierFault(fault: IdentifierFault, name: string): string {
  switch (fault) {
    case 'empty':
      return `${name} is empty; give 1 to ${MAX_IDENTIFIER_CODE_POINTS} characters`;
    case 'too-long':
      return `${name} is longer than ${MAX_IDENTIFIER_CODE_POINTS} characters`;
    case 'control-character':
      return `${name} has a control character`;
    case 'lone-surrogate':
      return `${name} has half of a surrogate pair; send well-formed Unicode`;
  }
}

/**
 * An identifier that may be anything, made fit to be shown and stored: at most 128 code points, control characters
 * and lone surrogates replaced by U+FFFD.
 */
export function displayIdentifier(text: string): string {
  const head = text.slice(0, 2 * MAX_IDENTIFIER_CODE_POINTS);
  let shown = '';
  let count = 0;
  for (const character of head) {
    if (count === MAX_IDENTIFIER_CODE_POINTS) {
      break;
    }
    shown += CONTROL.test(character) || LONE_SURROGATE.test(character) ? '\ufffd' : character;
    count += 1;
  }
  return shown;
}

/** Schema of an identifier; the field's path in the error says which. */
export const identifierSchema = z
  .string()
  .check((context) => {
    const fault = identifierFault(context.value);
    if (fault === undefined) {
      return;
    }
    context.issues.push({
      code: 'custom',
      input: context.value,
      message: describeIdentifierFault(fault, 'value'),
      params: { fault },
    });
  })
  .meta({ minLength: 1, maxLength: MAX_IDENTIFIER_CODE_POINTS });
