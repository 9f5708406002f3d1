import type { Policy } from './policy.ts';

export type Version = { readonly policy: Policy };
