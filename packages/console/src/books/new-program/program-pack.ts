import type { RevenueBody } from '@rewardbook/contracts/api/revenue';
import { loadPackFile, loadPackRevenue } from '../../packs/packs.ts';

/** A program to begin with: its policy, its creators and its revenue. */
export interface ProgramPack {
  /** YAML. */
  readonly policy: string;
  /** CSV, as the service takes it. */
  readonly creators: string;
  readonly revenue: readonly RevenueBody[];
}

/** @throws Error where this build has no such pack */
export async function loadProgramPack(name: string): Promise<ProgramPack> {
  const [policy, creators, revenue] = await Promise.all([
    loadPackFile(name, 'policy.yaml'),
    loadPackFile(name, 'creators.csv'),
    loadPackRevenue(name),
  ]);
  return { policy, creators, revenue };
}
