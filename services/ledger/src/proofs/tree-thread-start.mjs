// A thread of Node begins without the loader that its process was started with.
import { register } from 'tsx/esm/api';

register();
await import('./tree-thread.ts');
