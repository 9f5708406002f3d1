/** A period that is none, as GONE.md says. */
export interface Period {
  readonly label: string;
}

export const MOST_PERIODS = 12;
export const ROWS_A_PAGE = 100;
