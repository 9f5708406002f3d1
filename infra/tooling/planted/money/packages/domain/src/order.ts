declare const ids: string[];
declare const counts: number[];
counts.sort();
export const smaller = (a: string, b: string) => a < b;
export const byLocale = (a: string, b: string) => a.localeCompare(b);
export const sorted = [...ids].sort();
