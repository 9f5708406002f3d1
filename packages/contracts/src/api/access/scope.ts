/**
 * What a key may do. Scopes are independent: none contains another. `read` shows the books; who is paid into which account is shown
 * only with `read:payments`.
 */
export const SCOPES = ['events:write', 'operate', 'approve', 'read', 'read:payments'] as const;
export type Scope = (typeof SCOPES)[number];
