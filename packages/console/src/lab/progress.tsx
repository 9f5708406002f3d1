import { Button } from '../blocks/button.tsx';
import { groupCount } from '../format/counts.ts';
import type { DeskProgress } from './worker/messages.ts';

interface DeskProgressProps {
  readonly what: string;
  readonly progress: DeskProgress | null;
  onCancel?(): void;
}

/** How far something has come, and a way to end it. */
export function Progress({ what, progress, onCancel }: DeskProgressProps) {
  const { done = 0, total = null, phase = '' } = progress ?? {};
  return (
    <div className="stack" role="status">
      <div className="row">
        <span>
          {what}
          {progress === null
            ? ' …'
            : `: ${groupCount(done)}${total === null ? '' : ` of ${groupCount(total)}`} ${phase}`}
        </span>
        {onCancel === undefined ? null : (
          <Button isSmall onPress={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      <progress
        className="progress-native"
        aria-label={what}
        {...(total === null || total === 0 ? {} : { value: done, max: total })}
      />
    </div>
  );
}
