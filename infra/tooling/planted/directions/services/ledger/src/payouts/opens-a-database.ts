import postgres from 'postgres';
const sql = postgres();
export const rows = sql`SELECT amount FROM posting`;
