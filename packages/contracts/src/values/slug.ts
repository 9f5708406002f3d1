import { z } from 'zod';

/** A program's slug: its name in addresses, files and reports. */
export const programSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
    error: 'a program is 1 to 63 of a-z, 0-9 and "-", and starts with a letter or digit, as tiktok-cash-id',
  })
  .meta({ examples: ['tiktok-cash-id'] });

/** Path of every resource of a program. */
export const programParamsSchema = z.object({ program: programSchema });
