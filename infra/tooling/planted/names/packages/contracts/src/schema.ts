import { z } from 'zod';

export const periodOut = z.object({ label: z.string() }).strict();
export type Period = z.infer<typeof periodOut>;
