import { DomainError } from '../values/error.ts';
import { comparePeriods } from '../values/period.ts';
import type { Policy } from './policy.ts';

/** A numbered policy and the first period it is valid for; null means from the beginning. */
export interface PolicyVersion {
  readonly version: number;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly validFrom: string | null;
}

/** What `validVersion` needs to choose: versions may carry anything besides. */
export type VersionValidity = Pick<PolicyVersion, 'version' | 'validFrom'>;

/**
 * The version valid for a period: each from its first period to that of the next, whichever was applied first; of two from the same
 * period, the later. Throws DomainError `bad-policy` if no version reaches back that far.
 */
export function validVersion<Version extends VersionValidity>(versions: Iterable<Version>, period: string): Version {
  let valid: Version | undefined;
  for (const version of versions) {
    const reaches = version.validFrom === null || comparePeriods(version.validFrom, period) <= 0;
    if (reaches && (valid === undefined || isAfter(version, valid))) {
      valid = version;
    }
  }
  if (valid === undefined) {
    throw new DomainError('bad-policy', `No policy is valid for ${period}: apply one that is valid from it or earlier`);
  }
  return valid;
}

/** Whether a version comes after another one: by their first periods, then by their numbers. */
function isAfter(version: VersionValidity, other: VersionValidity): boolean {
  if (version.validFrom === other.validFrom) {
    return version.version > other.version;
  }
  if (version.validFrom === null) {
    return false;
  }
  return other.validFrom === null || comparePeriods(version.validFrom, other.validFrom) > 0;
}
