import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { Link } from '@tanstack/react-router';
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

/** The list of a program's creators as a step above a page. */
export function creatorsStep({ program }: ProgramOut) {
  return (
    <Link key="creators" to="/books/$program/creators" params={{ program }}>
      Creators
    </Link>
  );
}
