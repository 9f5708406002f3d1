import { QueryClient } from '@tanstack/react-query';
import { ServiceLost } from './problems.ts';

const RETRIES = 2;

/** Answers are kept for as long as a person looks through neighbouring pages, and asked for again when they come back. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => error instanceof ServiceLost && failures < RETRIES,
      retryDelay: (attempt) => 300 * 2 ** attempt,
      networkMode: 'always',
    },
    // A change is sent once: whoever asked for it sees what came of it and decides.
    mutations: { retry: false, networkMode: 'always' },
  },
});
