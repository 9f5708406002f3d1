import { Notice } from '../../blocks/notice.tsx';
import { counted } from '../../format/counts.ts';
import { compareProvisions } from './provisions.ts';
import { ChangesTable } from './provisions-table.tsx';

export interface PolicyChangesProps {
  readonly before: string;
  readonly after: string;
  readonly policies: readonly [unknown, unknown];
  readonly showsAll: boolean;
}

/** What differs between two policies, in words and as a table. */
export function PolicyChanges({ before, after, policies, showsAll }: PolicyChangesProps) {
  const all = compareProvisions(...policies);
  const changed = all.filter(({ isChanged }) => isChanged);
  return (
    <>
      <Notice
        tone={changed.length === 0 ? 'good' : 'info'}
        title={
          changed.length === 0
            ? `No difference: ${before} and ${after} say the same`
            : `${counted(changed.length, 'provision')} of ${all.length} differ${changed.length === 1 ? 's' : ''}`
        }
      />
      {changed.length === 0 && !showsAll ? null : (
        <ChangesTable
          caption={`${before} → ${after}${showsAll ? ', every provision' : ', what differs'}`}
          before={before}
          after={after}
          changes={showsAll ? all : changed}
        />
      )}
    </>
  );
}
