import './api/no-eval.ts';
import './styles/all.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { router } from './routes.tsx';
import { linkFailure } from './session/link-failure.ts';
import { signInByLink } from './session/link-token.ts';
import { applyTheme } from './shell/theme.ts';

const root = document.getElementById('root');
if (root === null) {
  throw new Error('The page has no element "root"');
}
applyTheme();
// A link that was used before, or is too old: the sign-in page says so.
await signInByLink().catch((error: unknown) => linkFailure.set(error));
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
