export { close } from '../use-cases/close.ts';
