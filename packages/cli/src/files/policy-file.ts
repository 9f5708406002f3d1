import { parsePolicyFile } from '@rewardbook/contracts/files/policy-file';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { inputError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { readText } from './input.ts';

/** The policy in a file. @throws CliFailure 2 that names line and column of what is wrong */
export async function readPolicy(file: string, io: Io): Promise<Policy> {
  const parsed = parsePolicyFile(await readText(file, io));
  if (parsed.ok) {
    return parsed.value;
  }
  throw inputError(`${file === '-' ? 'stdin' : file} is not a policy:\n${describeIssues(parsed.issues)}`);
}
