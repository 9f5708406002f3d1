import { z } from 'zod';

// IANA names; offsets ("+07:00") are no zones: they say nothing of daylight saving.
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** An IANA time zone that this machine knows, in its usual spelling. */
export const timeZoneSchema = z
  .string({ error: 'give a time zone of the IANA database, as Asia/Jakarta' })
  .refine(isTimeZone, {
    error: (issue) => `"${String(issue.input).slice(0, 60)}" is not a time zone of the IANA database, as Asia/Jakarta`,
  })
  .meta({ examples: ['Asia/Jakarta'] });

function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  let canonical: string;
  try {
    canonical = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  // Intl takes any case; two spellings of one zone would be two policies. An alias (Asia/Kolkata) resolves to another name.
  return canonical === name || canonical.toLowerCase() !== name.toLowerCase();
}
