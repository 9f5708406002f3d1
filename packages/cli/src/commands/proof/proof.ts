import { visible } from '@rewardbook/contracts/values/visible';
import { closeKey } from '@rewardbook/domain/books/close-entry';
import { type PayoutProof, verifyProof } from '@rewardbook/domain/proofs/verify-proof';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { openInput } from '../../files/input.ts';
import { printJson, writeTo } from '../../files/output.ts';
import { mismatchError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { grouped, renderFacts } from '../../terminal/table.ts';
import type { GetProofOptions, VerifyProofOptions } from './command.ts';

/** Writes a creator's proof as the ledger gives it, followed by a line end. */
export async function getProof({ program, period, creator, output, data }: GetProofOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const text = await client.text({
    service: 'ledger',
    scope: 'read',
    path: path`/v1/programs/${program}/periods/${period}/creators/${creator}/proof`,
    retryForMs: 120_000,
  });
  await writeTo(output, io, (put) => put(`${text}\n`));
  client.close();
}

/** Checks a proof without any server. @throws CliFailure 1 where it does not hold */
export async function checkProof(file: string, { root, total, json }: VerifyProofOptions, io: Io): Promise<void> {
  const verdict = verifyProof(await exactText(file, io), { root, total });
  if (!verdict.valid) {
    if (json) {
      await printJson(io, { valid: false, reason: verdict.reason });
    }
    throw mismatchError(`The proof does not hold: ${verdict.reason}`);
  }
  const { parts: _parts, salt: _salt, proof: _kind, ...facts } = verdict.proof;
  const published = root !== undefined && total !== undefined;
  if (json) {
    await printJson(io, { valid: true, published, ...facts });
  } else {
    await write(io.stdout, describeProof(verdict.proof, published));
  }
}

/** The file's bytes as text; what is not UTF-8 becomes something that no proof has, and a byte order mark stays. */
async function exactText(file: string, io: Io): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const chunk of (await openInput(file, io)).chunks()) {
    pieces.push(chunk);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(pieces));
}

function describeProof(proof: PayoutProof, published: boolean): string {
  const { creatorId, program, period, currency, points, amount, total, root } = proof;
  const entry = closeKey(period);
  const facts = renderFacts([
    ['creator', visible(creatorId)],
    ['period', `${period} of ${program}`],
    ['points', grouped(points)],
    ['amount', `${currency} ${grouped(amount)}`],
    ['total', `${currency} ${grouped(total)}`],
    ['root', root],
  ]);
  return published
    ? `The proof holds: this amount is in the published root and total.\n\n${facts}`
    : `The proof leads to the root and total that it names. Compare them with those published in the entry ${entry}\n(proofRoot, proofTotal), or give them: --root, --total.\n\n${facts}`;
}
