export { one } from '../../domain/src/one.ts';
