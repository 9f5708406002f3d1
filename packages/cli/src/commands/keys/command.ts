import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { SCOPES, type Scope } from '@rewardbook/contracts/api/access/scope';
import { examples } from '../../arguments/help.ts';
import {
  dataOption,
  jsonOption,
  type OptionsOf,
  readInstant,
  readProgram,
  wholeNumber,
} from '../../arguments/options.ts';

export function keysGroup(root: Command) {
  return root
    .command('keys')
    .summary('make, list and revoke API keys')
    .description(
      'API keys: who may do what, and under which name it is logged. They are managed with a key of the scope approve, which ' +
        'grants only scopes and programs that it has itself; "up" makes one with all of them (admin). A key and all keys that were made with it ' +
        'count as one person: none of them approves what another drafted or asked for.',
    );
}

export type CreateKeyOptions = OptionsOf<typeof createKeyCommand>;

export function createKeyCommand(group: Command) {
  return group
    .command('create')
    .description(
      'Makes a key and prints its secret on stdout, only once: it is not stored. A name has one working key; names are stored in lower ' +
        'case, without invisible characters.',
    )
    .requiredOption('--name <name>', 'who uses it, as decisions are logged')
    .requiredOption('--scopes <scopes>', `of ${SCOPES.join(', ')}; separated by commas`, readScopes)
    .option(
      '--program <slug>',
      'bind it to a program, which alone it sees and changes; may be repeated (default: all programs)',
      readPrograms,
    )
    .option('--expires <instant>', 'when it stops working, as 2026-12-31T00:00:00Z (default: never)', readInstant)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook keys create --name siti --scopes approve,read',
        'rewardbook keys create --name agency --scopes read --program tiktok-cash-id --program tiktok-cash-ms',
        'KEY=$(rewardbook keys create --name importer --scopes operate --expires 2027-01-01T00:00:00Z)',
      ),
    );
}

export type ListKeysOptions = OptionsOf<typeof listKeysCommand>;

export function listKeysCommand(group: Command) {
  return group
    .command('list')
    .description('Lists keys, also those that are revoked or expired; never their secrets.')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook keys list', 'rewardbook keys list --json'));
}

export type RevokeKeyOptions = OptionsOf<typeof revokeKeyCommand>;

export function revokeKeyCommand(group: Command) {
  return group
    .command('revoke')
    .description('Revokes a key permanently; after a second it is no longer accepted.')
    .argument('<id>', 'number of the key, as "keys list" shows it', wholeNumber(1))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook keys revoke 7'));
}

function readPrograms(text: string, before: readonly string[] = []): string[] {
  return [...before, readProgram(text)];
}

function readScopes(text: string): Scope[] {
  return text.split(',').map((part) => {
    const scope = SCOPES.find((name) => name === part.trim());
    if (scope === undefined) {
      throw new InvalidArgumentError(`"${part}" is not a scope; they are ${SCOPES.join(', ')}.`);
    }
    return scope;
  });
}
