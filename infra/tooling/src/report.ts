import { comparePlanted, describeViolation, type Planted, type Violation } from './violation.ts';

/**
 * Prints what a check found, and what of its planted violations it did not see.
 *
 * @returns the exit code: 0 clean, 1 violations, 3 the check is blind
 */
export function report(
  check: string,
  looked: string,
  found: readonly Violation[],
  foundInPlanted: readonly Violation[],
  planted: readonly Planted[],
): 0 | 1 | 3 {
  const { unseen, unexpected } = comparePlanted(foundInPlanted, planted);
  for (const { rule, file } of unseen) {
    console.error(`${check} is blind: it did not see ${rule} planted in ${file}`);
  }
  for (const violation of unexpected) {
    console.error(`${check} sees what was not planted: ${describeViolation(violation)}`);
  }
  if (unseen.length + unexpected.length > 0) {
    return 3;
  }
  for (const violation of found) {
    console.error(describeViolation(violation));
  }
  const verdict = found.length === 0 ? 'nothing wrong' : `${found.length} wrong`;
  console.error(`${check}: ${verdict} in ${looked}; all ${planted.length} planted violations seen`);
  return found.length === 0 ? 0 : 1;
}
