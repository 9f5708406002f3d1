import type { runDetailSchema } from '@rewardbook/contracts/api/payout-runs';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { z } from 'zod';

export type RunDetail = z.output<typeof runDetailSchema>;

export interface RunProps {
  readonly program: ProgramOut;
  readonly run: RunDetail;
}
