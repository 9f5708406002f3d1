export { close } from './close.ts';
