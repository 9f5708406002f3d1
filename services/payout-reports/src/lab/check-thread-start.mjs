// A thread of Node starts without the loader that its process was started with.
import { register } from 'tsx/esm/api';

register();
await import('./check-thread.ts');
