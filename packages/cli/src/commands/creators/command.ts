import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption } from '../../arguments/options.ts';

export type ImportCreatorsOptions = OptionsOf<typeof importCreatorsCommand>;

export function importCreatorsCommand(root: Command) {
  return root
    .command('creators')
    .summary('register creators')
    .description('The register of creators.')
    .command('import')
    .description(
      'Registers the creators of a file, or changes those that are registered; others stay. The columns are creatorId and, ' +
        'where known, handle, country, joinedOn, followers, viewerIds (separated by spaces), taxCountry, payee, account, scoutId, scoutedOn. ' +
        "Where the policy's approvals list payees, changes of the last three wait for a second person.",
    )
    .argument('<file>', 'CSV with a header, or a JSON array if the name ends in .json; - is CSV on stdin')
    .addOption(programOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook creators import creators.csv --program tiktok-cash-id'));
}
