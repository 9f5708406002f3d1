import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { viewerSplitOf } from '@rewardbook/domain/allocation/allocation';
import { pairPoints, unitsOfViewer } from '@rewardbook/domain/allocation/viewer-units';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import type { ShareOfClose } from './explanation-scope.ts';
import { readPairsBeside } from './sql/viewers.ts';

/**
 * The units that viewers gave a creator, split again from what each of them gave to all. Where they are the weight itself, they have
 * to add up to it: throws if not.
 */
export async function explainedUnits(input: ShareOfClose): Promise<Explanation['share']['units']> {
  const { sql, programId, close, creatorId, weight } = input;
  const { weights, allocation } = close.policy;
  const split = viewerSplitOf(allocation.method);
  if (split === undefined) {
    return null;
  }
  const pointsOf = pairPoints(weights);
  let units = 0n;
  let viewers = 0;
  if (weight > 0n) {
    await readPairsBeside(
      sql,
      { programId, creatorId, closeNo: close.closeNo, attemptId: close.attemptId },
      (pairs) => {
        const ordered = [...pairs].sort((a, b) => compareUtf8(a.creatorId, b.creatorId));
        const parts = unitsOfViewer(
          ordered.map(({ netLikes, netFollows }) => pointsOf(netLikes, netFollows)),
          split,
        );
        const part = parts[ordered.findIndex((pair) => pair.creatorId === creatorId)] ?? 0n;
        units += part;
        if (part > 0n) {
          viewers += 1;
        }
      },
    );
  }
  if (allocation.method !== 'blend' && units !== weight) {
    throw new Error(`the viewers of ${creatorId} add up to ${units} units, the close gave it ${weight}`);
  }
  return { viewers, units: units.toString() };
}
