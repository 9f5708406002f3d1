import { one } from './one.ts';
import { gone } from './not-there.ts';
export const two = () => [one, gone];
