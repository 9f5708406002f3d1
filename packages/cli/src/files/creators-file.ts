import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { inputError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { openInput } from './input.ts';

/** The registered creators in a CSV file. @throws CliFailure 2 that names line and column of what is wrong */
export async function readCreators(file: string, io: Io): Promise<RegisteredCreator[]> {
  const input = await openInput(file, io);
  const parsed = await parseCreatorsCsv(input.chunks());
  if (parsed.ok) {
    return parsed.value;
  }
  throw inputError(`${input.name} is not a creators file:\n${describeIssues(parsed.issues)}`);
}
