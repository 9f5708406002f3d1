import { useQuery } from '@tanstack/react-query';
import { useStore } from '../../api/store.ts';
import { listRuns, readRun } from './run-store.ts';
import { type RunningRun, running, runsChanged, runsUnderWay } from './running.ts';

const LOOK_EVERY_MS = 3_000;

/** Runs of a person in a program, the newest first, and those that some tab has under way. */
export function useRuns(program: string, person: string) {
  const changes = useStore(runsChanged);
  return useQuery({
    queryKey: ['replay-runs', program, person, changes],
    queryFn: async () => ({
      runs: (await listRuns(program)).filter((run) => run.person === person),
      alive: await runsUnderWay(),
    }),
    placeholderData: (before) => before,
    refetchInterval: LOOK_EVERY_MS, // another tab may have changed something
  });
}

export function useRun(id: string) {
  const changes = useStore(runsChanged);
  return useQuery({
    queryKey: ['replay-run', id, changes],
    queryFn: async () => ({ run: await readRun(id), alive: await runsUnderWay() }),
    placeholderData: (before) => before,
    refetchInterval: LOOK_EVERY_MS,
  });
}

export function useRunning(id: string): RunningRun | undefined {
  return useStore(running).find((one) => one.id === id);
}
