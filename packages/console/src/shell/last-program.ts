const PLACE = 'program';

/** The program that was looked at last: where the parts of the console begin that need one. */
export function lastProgram(): string | undefined {
  return localStorage.getItem(PLACE) ?? undefined;
}

export function noteProgram(program: string): void {
  localStorage.setItem(PLACE, program);
}
