import { putProgramResponseSchema } from '@rewardbook/contracts/api/programs';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { describeApproval, orApproval } from '../../client/approval-needed.ts';
import { type Client, path, queryOf } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { printJson, printLine } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import type { Io } from '../../terminal/io.ts';
import type { ApplyProgramOptions } from './command.ts';

/** Applies a policy file and says which version it is, or who has to approve it. */
export async function applyProgram(file: string, { from, data, json }: ApplyProgramOptions, io: Io): Promise<void> {
  // Read first: a wrong file is reported without a system, with line and column.
  const policy = await readPolicy(file, io);
  const client = await connectToSystem(data, io);
  const applied = await putPolicy(client, policy, from);
  client.close();
  if (json) {
    return printJson(io, applied);
  }
  if ('approval' in applied) {
    return printLine(io, describeApproval(policy.program, applied));
  }
  const validity = applied.validFrom === null ? 'from the beginning' : `from ${applied.validFrom}`;
  const outcome = applied.changed ? 'applied' : 'unchanged';
  await printLine(io, `${applied.program}: policy version ${applied.version} ${outcome}, valid ${validity}`);
}

export function putPolicy(client: Client, policy: Policy, from?: string) {
  return client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'PUT',
      path: path`/v1/programs/${policy.program}` + queryOf({ from }),
      body: JSON.stringify(policy),
      contentType: 'application/json',
    },
    orApproval(putProgramResponseSchema),
  );
}
