/**
 * What a key may do. Scopes stand beside each other: none contains another. `read` shows the books; who is paid into which account is
 * for `read:payments`.
 */
export const SCOPES = ['events:write', 'operate', 'approve', 'read', 'read:payments'] as const;
export type Scope = (typeof SCOPES)[number];
