import { useQueryClient } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Failure } from '../blocks/notice.tsx';
import { PageTitle } from './page-title.tsx';

/** In the place of a page that broke: what failed, what to do, and a button to try again. The rest of the console stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const queryClient = useQueryClient();
  return (
    <div className="page page-narrow">
      <PageTitle>This page could not be shown</PageTitle>
      <Failure
        error={error}
        what="Something failed while the page was made"
        retry={() => {
          void queryClient.resetQueries({ predicate: ({ state }) => state.status === 'error' });
          reset();
        }}
      />
    </div>
  );
}
