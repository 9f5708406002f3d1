import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { Name } from '../blocks/name.tsx';
import { ProgramLink } from '../shell/page.tsx';

/** The program as the first step above a page. */
export function programStep({ program, name }: ProgramOut) {
  return (
    <ProgramLink key="program" program={program}>
      <Name>{name}</Name>
    </ProgramLink>
  );
}
