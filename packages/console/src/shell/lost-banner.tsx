import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { lostServices } from '../api/connection.ts';
import { nameOfService, ServiceLost } from '../api/problems.ts';
import { useStore } from '../api/store.ts';
import { Button } from '../blocks/button.tsx';
import { Notice } from '../blocks/notice.tsx';

const TRY_AGAIN_MS = 3_000;

/** Says which service does not answer, and asks again until it does. */
export function LostBanner() {
  const lost = useStore(lostServices);
  const queryClient = useQueryClient();
  const tryAgain = (): void =>
    void queryClient.refetchQueries({
      type: 'active',
      predicate: ({ state }) => state.error instanceof ServiceLost,
    });
  const isLost = lost.length > 0;
  useEffect(() => {
    if (!isLost) {
      return undefined;
    }
    const timer = setInterval(() => {
      void queryClient.refetchQueries({
        type: 'active',
        predicate: ({ state }) => state.error instanceof ServiceLost && state.fetchStatus === 'idle',
      });
    }, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isLost, queryClient]);
  return isLost ? (
    <Notice
      tone="warn"
      isBanner
      title={lost.map((service) => `${nameOfService(service)} does not answer.`).join(' ')}
      action={
        <Button isSmall onPress={tryAgain}>
          Try now
        </Button>
      }
    >
      The console tries again by itself. What you typed is kept, and what you see may be old.
    </Notice>
  ) : null;
}
