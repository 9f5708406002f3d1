/** Something that a check found. */
export interface Violation {
  readonly rule: string;
  /** relative to the root that was checked */
  readonly file: string;
  /** from 1; undefined where the whole file is meant */
  readonly line?: number;
  readonly detail: string;
}

export function describeViolation({ rule, file, line, detail }: Violation): string {
  return `${file}${line === undefined ? '' : `:${line}`}  ${rule}: ${detail}`;
}

/** A violation kept in `planted/`: a check that does not see all of its own is blind, and fails. */
export interface Planted {
  readonly rule: string;
  readonly file: string;
}

/** The planted violations that were not found, and the found ones that were not planted. */
export function comparePlanted(
  found: readonly Violation[],
  planted: readonly Planted[],
): { readonly unseen: readonly Planted[]; readonly unexpected: readonly Violation[] } {
  const matches = (violation: Violation, plant: Planted): boolean =>
    violation.rule === plant.rule && violation.file === plant.file;
  return {
    unseen: planted.filter((plant) => !found.some((violation) => matches(violation, plant))),
    unexpected: found.filter((violation) => !planted.some((plant) => matches(violation, plant))),
  };
}
