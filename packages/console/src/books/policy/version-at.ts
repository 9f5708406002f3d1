import type { PolicyVersionOut } from '@rewardbook/contracts/api/programs';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';

/**
 * The version that holds for a period: each from its first period to that of the next; of two from the same one, the later. null
 * asks for the beginning.
 */
export function versionAt(versions: readonly PolicyVersionOut[], period: string | null): PolicyVersionOut | undefined {
  const from = ({ validFrom }: PolicyVersionOut): string => validFrom ?? '';
  return versions
    .filter((version) => compareUtf8(from(version), period ?? '') <= 0)
    .reduce<PolicyVersionOut | undefined>((best, version) => {
      const order = best === undefined ? 1 : compareUtf8(from(version), from(best));
      return best === undefined || order > 0 || (order === 0 && version.version > best.version) ? version : best;
    }, undefined);
}
