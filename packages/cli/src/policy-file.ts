import { describeIssues } from '@rewardbook/contracts/issue';
import { parsePolicyFile } from '@rewardbook/contracts/policy-file';
import type { Policy } from '@rewardbook/domain/policy';
import { wrongInput } from './failure.ts';
import { readText } from './input.ts';
import type { Io } from './io.ts';

/** The policy in a file. @throws CliFailure 2 that names line and column of what is wrong */
export async function readPolicy(file: string, io: Io): Promise<Policy> {
  const parsed = parsePolicyFile(await readText(file, io));
  if (parsed.ok) return parsed.value;
  throw wrongInput(`${file === '-' ? 'stdin' : file} is not a policy:\n${describeIssues(parsed.issues)}`);
}
