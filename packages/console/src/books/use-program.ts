import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { programQuery } from './queries.ts';

/** The program of the page, of whatever part: its frame has read it already. */
export function useProgram() {
  const { program } = useParams({ strict: false });
  if (program === undefined) {
    throw new Error('this page has no program in its address');
  }
  return useSuspenseQuery(programQuery(program)).data;
}
