import { z } from 'zod';

/** A country as ISO 3166-1 alpha-2 writes it. Only the form is checked: codes come and go. */
export const countrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'a country is two capital letters of ISO 3166-1, as ID' })
  .meta({ examples: ['ID'] });
