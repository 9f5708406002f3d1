import { rows } from '../store/rows.ts';
export const found = [rows, process.env.DATABASE_URL];
