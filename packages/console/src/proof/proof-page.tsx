import { type ProofVerdict, verifyProof } from '@rewardbook/domain/proofs/verify-proof';
import { useState } from 'react';
import { Amount, Figures } from '../blocks/amount.tsx';
import { Button } from '../blocks/button.tsx';
import { useDraft } from '../blocks/draft.ts';
import { Field } from '../blocks/field.tsx';
import { Fact, Facts } from '../blocks/figures.tsx';
import { FileChooser } from '../blocks/file-chooser.tsx';
import { Form } from '../blocks/form.tsx';
import { Hash, Name } from '../blocks/name.tsx';
import { groupCount } from '../format/counts.ts';
import { readablePeriod } from '../format/time.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { publishedFaults } from './published.ts';

const EMPTY = { text: '', root: '', total: '' };

/** Checks a proof of payout in the page itself: no server is asked, and nothing leaves the browser. */
export function ProofPage() {
  const draft = useDraft('proof', EMPTY);
  const [verdict, setVerdict] = useState<ProofVerdict>();
  const [isEmpty, setIsEmpty] = useState(false);
  const { text, root, total } = draft.values;
  const faults = publishedFaults(root.trim(), total.trim());
  const check = (proof: string): void => {
    setIsEmpty(proof === '');
    if (proof !== '' && faults.root === undefined && faults.total === undefined) {
      setVerdict(verifyProof(proof, { root: root.trim() || undefined, total: total.trim() || undefined }));
    }
  };
  const read = async (file: File): Promise<void> => {
    // Every byte counts: what is no UTF-8 becomes something that no proof has, and a byte order mark stays.
    const proof = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer());
    draft.set('text', proof);
    check(proof);
  };
  return (
    <div className="page page-narrow">
      <header className="stack stack-tight">
        <PageTitle>Check a payout</PageTitle>
        <p className="quiet">
          A proof shows what a creator was given, and that it is part of a published whole. It is checked here, in your
          browser: no server is asked and nothing is sent.
        </p>
      </header>
      {verdict === undefined ? null : (
        <Verdict verdict={verdict} hasRoot={root.trim() !== ''} hasTotal={total.trim() !== ''} />
      )}
      <FileChooser
        label="Drop a proof here"
        types={['.json', 'application/json']}
        button="Choose a proof file"
        isPrimary
        onChoose={(file) => void read(file)}
      >
        <p>Drop a proof file here, or choose one.</p>
      </FileChooser>
      <Form onSubmit={() => check(text)}>
        <Field
          label="Or paste its text"
          isLong
          value={text}
          onChange={(next) => draft.set('text', next)}
          error={isEmpty && text === '' ? 'Give the text of a proof' : undefined}
        />
        <p className="quiet">
          A proof alone shows only that it is sound in itself. Give the root and total that the program has published of
          the close, as in its journal entry, to know that it is about that close.
        </p>
        <Field
          label="Published root (proofRoot)"
          value={root}
          onChange={(next) => draft.set('root', next)}
          error={faults.root}
        />
        <Field
          label="Published total (proofTotal)"
          value={total}
          onChange={(next) => draft.set('total', next)}
          error={faults.total}
        />
        <div>
          <Button type="submit">Check</Button>
        </div>
      </Form>
    </div>
  );
}

interface VerdictProps {
  readonly verdict: ProofVerdict;
  readonly hasRoot: boolean;
  readonly hasTotal: boolean;
}

function Verdict({ verdict, hasRoot, hasTotal }: VerdictProps) {
  if (!verdict.valid) {
    return (
      <section className="verdict tone-bad" role="alert">
        <h2>The proof does not hold</h2>
        <p>Why: {verdict.reason}. Ask whoever gave it to you for the file itself, unchanged.</p>
      </section>
    );
  }
  const { proof } = verdict;
  const isPublished = hasRoot && hasTotal;
  return (
    <section className={`verdict ${isPublished ? 'tone-good' : 'tone-info'}`} role="status">
      <h2>{isPublished ? 'The proof holds' : 'The proof is sound in itself'}</h2>
      <p>
        <Name>{proof.creatorId}</Name> was given{' '}
        <strong>
          <Amount value={proof.amount} currency={proof.currency} />
        </strong>{' '}
        of <Amount value={proof.total} currency={proof.currency} /> for {readablePeriod(proof.period)} by{' '}
        <Name>{proof.program}</Name>.
      </p>
      {isPublished ? null : (
        <p>Compare root and total below with those in the entry of the close, or give them and check again.</p>
      )}
      <Facts>
        <Fact label="Points">
          <Figures value={proof.points} />
        </Fact>
        <Fact label="Leaves of the whole">{groupCount(proof.leaves)}</Fact>
        <Fact label="Root">
          <Hash>{proof.root}</Hash>
        </Fact>
        <Fact label="Total">
          <Amount value={proof.total} currency={proof.currency} />
        </Fact>
      </Facts>
    </section>
  );
}
