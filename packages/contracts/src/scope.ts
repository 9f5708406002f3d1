/** What a key may do. Scopes stand beside each other: none contains another. */
export const SCOPES = ['events:write', 'operate', 'approve', 'read'] as const;
export type Scope = (typeof SCOPES)[number];
