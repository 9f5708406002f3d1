import { createStore } from '../api/store.ts';

const PLACE = 'program';

/** The program that was looked at last: where the parts of the console begin that need one. */
export const lastProgram = createStore(localStorage.getItem(PLACE) ?? undefined);

export function noteProgram(program: string): void {
  localStorage.setItem(PLACE, program);
  lastProgram.set(program);
}
