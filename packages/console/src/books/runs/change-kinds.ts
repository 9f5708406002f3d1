import type { ChangeKind } from '@rewardbook/contracts/api/run-changes';

/** Who a kind of change is about: "creators who …". */
export const KIND_NAMES: Readonly<Record<ChangeKind, string>> = {
  new: 'are paid now, and were not then',
  gone: 'were paid then, and are not now',
  up: 'get more',
  down: 'get less',
  same: 'get the same',
};
