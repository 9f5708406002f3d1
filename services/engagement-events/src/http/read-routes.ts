import type { App } from '@rewardbook/runtime/app';
import { ListFiles } from '@rewardbook/runtime/http/list-files';
import { batchRoutes } from './batch-routes.ts';
import { eventRoutes } from './event-routes.ts';
import type { ListContext } from './list-context.ts';
import { refusedRoutes } from './refused-routes.ts';

/** `GET` of events, batches and refused events: pages by cursor, totals, and files. */
export function getEvents(app: App, options: Omit<ListContext, 'files'>): void {
  const context = { ...options, files: new ListFiles() };
  eventRoutes(app, context);
  batchRoutes(app, context);
  refusedRoutes(app, context);
}
