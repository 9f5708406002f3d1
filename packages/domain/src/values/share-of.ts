import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { divideFloor } from '@rewardbook/money/rounding';

/** `floor(amount × share)` in minor units. */
export function shareOf(amount: bigint, share: string): bigint {
  const scale = scaleOf(share);
  return divideFloor(amount * parseScaled(share, scale), 10n ** BigInt(scale));
}
