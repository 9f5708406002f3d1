declare const row: { readonly amount: string; readonly likes: string };
export const likes = Number(row.likes);
export const lost = [Number(row.amount), Number.parseFloat(row.amount), +row.amount];
