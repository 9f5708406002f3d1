export { route } from './routes.ts';
