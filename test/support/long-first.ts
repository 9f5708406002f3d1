import { BaseSequencer, type TestSpecification } from 'vitest/node';

// By folder, what begins first. Without results of earlier runs vitest sorts by file size, which says nothing about
// these files: they are short and take long, and if one begins last, the run waits for it alone.
const LONG = [
  'services/ledger/src/payouts/random-payouts',
  'test/console/pages',
  'test/console/',
  'test/faults/',
  'test/e2e/',
  'test/contract/',
  'test/explanations/',
  'services/ledger/src/recovery/',
  'services/ledger/src/verify/',
  'services/ledger/src/payouts/random-',
  'packages/cli/src/commands/replay/',
  'infra/local/',
];

/** Begins with the files that take longest, so that the end of a run finds every worker at work. */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONG.findIndex((folder) => moduleId.includes(`/${folder}`));
      return found === -1 ? LONG.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
