import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BANNED_PHRASES } from './phrases.ts';
import type { Violation } from './violation.ts';

/** A document that prose cites by its path from the root, or from the file's own folder. */
const CITED_DOCUMENT = /(?:^|[\s(`"'])((?:\.{0,2}\/)?(?:[\w.-]+\/)*[\w-]+\.md)\b/g;

/** Banned phrases in a file, and documents that it cites and that do not exist. */
export function checkProse(root: string, file: string, text: string): Violation[] {
  const violations: Violation[] = [];
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    for (const { pattern, instead } of BANNED_PHRASES) {
      const found = pattern.exec(content);
      if (found !== null) {
        violations.push({ rule: 'plain-english', file, line, detail: `"${found[0]}": write ${instead}` });
      }
    }
    for (const [, cited = ''] of content.matchAll(CITED_DOCUMENT)) {
      const places = [join(root, cited), join(root, file, '..', cited)];
      if (!places.some((place) => existsSync(place))) {
        violations.push({ rule: 'cited-document', file, line, detail: `cites ${cited}, which does not exist` });
      }
    }
  });
  return violations;
}
