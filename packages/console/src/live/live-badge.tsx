import { adviceFor, describeError } from '../api/problems.ts';
import { Badge } from '../blocks/badge.tsx';
import { Button } from '../blocks/button.tsx';
import { Notice } from '../blocks/notice.tsx';

interface Shown {
  readonly state: 'connecting' | 'live' | 'lost' | 'refused';
  readonly error: unknown;
  retry(): void;
}

const WORDS = { connecting: 'connecting', live: 'live', lost: 'not live', refused: 'not live' } as const;
const TONES = { connecting: 'quiet', live: 'good', lost: 'warn', refused: 'bad' } as const;

/** Whether what a page shows is as of now. */
export function LiveBadge({ state, isPaused = false }: Pick<Shown, 'state'> & { readonly isPaused?: boolean }) {
  return isPaused ? <Badge tone="quiet">paused</Badge> : <Badge tone={TONES[state]}>{WORDS[state]}</Badge>;
}

/** Says that a stream was lost, and that it is taken up again. */
export function LostStream({ of: { state, error, retry }, what }: { readonly of: Shown; readonly what: string }) {
  if (state !== 'lost' && state !== 'refused') {
    return null;
  }
  return (
    <Notice
      tone={state === 'lost' ? 'warn' : 'bad'}
      title={`${what} are not live`}
      action={
        <Button isSmall onPress={retry}>
          Try now
        </Button>
      }
    >
      {state === 'lost'
        ? 'The connection was lost. The page tries again by itself; what you see is from before.'
        : `${describeError(error)} ${adviceFor(error)}`}
    </Notice>
  );
}
