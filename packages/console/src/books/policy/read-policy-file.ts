import type { Parsed } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';

/** Reads the text of a policy file; the reader of YAML is loaded when the first one is read. */
export async function readPolicyText(text: string): Promise<Parsed<Policy>> {
  const { parsePolicyFile } = await import('@rewardbook/contracts/files/policy-file');
  return parsePolicyFile(text);
}

/** A file's text; undefined where it is not UTF-8. */
export async function textOfFile(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}
