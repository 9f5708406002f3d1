import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { ApiProblem } from '../../api/problems.ts';
import { Failure, Pending } from '../../blocks/notice.tsx';
import { noteProgram } from '../../shell/last-program.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { programQuery } from '../queries.ts';

/** Pages of a program, once it is read; before that, and where it cannot be, that. */
export function FoundProgram({ program, children }: { readonly program: string; readonly children: ReactNode }) {
  const found = useQuery(programQuery(program));
  useEffect(() => {
    if (found.isSuccess) {
      noteProgram(program);
    }
  }, [found.isSuccess, program]);
  if (found.isPending) {
    return (
      <div className="page">
        <Pending what="the program" />
      </div>
    );
  }
  if (!found.isLoadingError) {
    return children;
  }
  const isMissing = found.error instanceof ApiProblem && found.error.status === 404;
  return (
    <div className="page page-narrow">
      <PageTitle>{isMissing ? 'There is no such program' : 'The program could not be read'}</PageTitle>
      <Failure error={found.error} what={`Could not read ${program}`} retry={() => void found.refetch()} />
    </div>
  );
}
