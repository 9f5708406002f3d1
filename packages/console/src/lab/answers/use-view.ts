import type { Policy } from '@rewardbook/domain/policy/policy';
import type { PolicyView } from '@rewardbook/lab/view/policy-view';
import { useEffect, useRef, useState } from 'react';
import { askDesk } from '../worker/lab-client.ts';

export interface ShownView {
  readonly view: PolicyView | undefined;
  /** Grows with each view: what is asked about it belongs to it. */
  readonly version: number;
  readonly error: Error | null;
  /** Something newer is being worked out. */
  readonly isWorking: boolean;
}

/** What two policies give. While one is worked out only the newest of those that were asked for since is kept. */
export function useView(a: Policy, b: Policy): ShownView {
  const [shown, setShown] = useState<ShownView>({ view: undefined, version: 0, error: null, isWorking: true });
  const wanted = useRef<{ readonly a: Policy; readonly b: Policy } | undefined>(undefined);
  const isRunning = useRef(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  useEffect(() => {
    wanted.current = { a, b };
    if (isRunning.current) {
      return;
    }
    isRunning.current = true;
    void work();

    async function work(): Promise<void> {
      for (let next = wanted.current; next !== undefined && !isGone.current; next = wanted.current) {
        wanted.current = undefined;
        const outcome = await askDesk({ ask: 'try', ...next }).then(
          (view) => ({ view, error: null }),
          (error: Error) => ({ view: undefined, error }),
        );
        if (!isGone.current) {
          setShown((before) => ({
            view: outcome.view ?? before.view,
            version: before.version + 1,
            error: outcome.error,
            isWorking: wanted.current !== undefined,
          }));
        }
      }
      isRunning.current = false;
    }
  }, [a, b]);
  return shown;
}
