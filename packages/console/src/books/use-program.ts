import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { programQuery } from './queries.ts';

/** The program of the page: its frame has read it already. */
export function useProgram() {
  const { program } = useParams({ from: '/books/$program' });
  return useSuspenseQuery(programQuery(program)).data;
}
