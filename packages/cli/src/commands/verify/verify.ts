import { programOutSchema } from '@rewardbook/contracts/api/programs';
import { type Verified, verifiedSchema } from '@rewardbook/contracts/api/verify';
import { type Client, path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { eachItem } from '../../client/pages.ts';
import { printJson } from '../../files/output.ts';
import { mismatchError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { groupedCount } from '../../terminal/table.ts';
import type { VerifyOptions } from './command.ts';

/** Verifies the books of one program or of all. @throws CliFailure 1 with the first difference */
export async function verify({ program, data, json }: VerifyOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const programs = program === undefined ? await programsOf(client) : [program];
  const outcomes: Verified[] = [];
  for (const slug of programs) {
    const outcome = await verifyProgram(client, slug);
    outcomes.push(outcome);
    if (!json) {
      await write(io.stdout, describeVerified(outcome));
    }
  }
  client.close();
  if (json) {
    await printJson(io, { ok: outcomes.every(({ ok }) => ok), programs: outcomes });
  } else if (outcomes.length === 0) {
    io.stderr.write('There are no programs: nothing to verify.\n');
  }
  const broken = firstDifference(outcomes);
  if (broken !== undefined) {
    throw mismatchError(broken);
  }
}

export function verifyProgram(client: Client, program: string): Promise<Verified> {
  return client.json(
    { service: 'ledger', scope: 'read', method: 'POST', path: path`/v1/programs/${program}/verify` },
    verifiedSchema,
  );
}

/** A line a check. */
function describeVerified({ program, ok, checks }: Verified): string {
  const lines = checks.map(
    ({ check, ok: holds, checked, difference }) =>
      `  ${holds ? 'ok    ' : 'BROKEN'}  ${check} (${groupedCount(checked)} checked)${difference === null ? '' : `: ${difference}`}`,
  );
  return `${program}: ${ok ? 'every invariant holds' : 'BROKEN'}\n${lines.join('\n')}\n`;
}

export function firstDifference(outcomes: readonly Verified[]): string | undefined {
  for (const { program, ok, checks } of outcomes) {
    const broken = checks.find((check) => !check.ok);
    if (broken !== undefined) {
      return `${program}: ${broken.check}: ${broken.difference ?? 'does not hold'}`;
    }
    if (!ok) {
      return `${program}: the books are not as they must be`;
    }
  }
  return undefined;
}

async function programsOf(client: Client): Promise<string[]> {
  const slugs: string[] = [];
  for await (const { program } of eachItem(
    client,
    { service: 'ledger', scope: 'read', path: '/v1/programs' },
    programOutSchema,
  )) {
    slugs.push(program);
  }
  return slugs;
}
