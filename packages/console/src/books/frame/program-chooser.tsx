import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Choice } from '../../blocks/field.tsx';
import { programsQuery } from '../queries.ts';

export interface ProgramChooserProps {
  readonly program: string;
  /** Where another program opens. */
  readonly part: '/books/$program' | '/replay/$program';
}

export function ProgramChooser({ program, part }: ProgramChooserProps) {
  const programs = useQuery(programsQuery);
  const navigate = useNavigate();
  const options = (programs.data?.items ?? []).map((one) => ({
    value: one.program,
    text: `${one.name} (${one.program})`,
  }));
  if (!options.some(({ value }) => value === program)) {
    options.unshift({ value: program, text: program });
  }
  return (
    <Choice
      label="Program"
      value={program}
      options={options}
      onChange={(chosen) => void navigate({ to: part, params: { program: chosen } })}
    />
  );
}
