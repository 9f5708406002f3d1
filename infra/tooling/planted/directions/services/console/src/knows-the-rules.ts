export { one } from '../../../packages/domain/src/one.ts';
