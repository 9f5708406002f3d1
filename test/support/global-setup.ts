import type { TestProject } from 'vitest/node';
import { startPostgresBroker } from './postgres-broker.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresBroker: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await startPostgresBroker();
  project.provide('postgresBroker', broker.url);
  return () => broker.close();
}
