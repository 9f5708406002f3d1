export const found = process.env.DATABASE_URL;
