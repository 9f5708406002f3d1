import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, readPeriod } from '../../arguments/options.ts';

export type ApplyProgramOptions = OptionsOf<typeof applyProgramCommand>;

export function applyProgramCommand(root: Command) {
  return root
    .command('program')
    .summary('create a program, or give it a new policy')
    .description('Programs and their policies.')
    .command('apply')
    .description(
      'Creates the program of a policy file, or adds the policy as a new version, which holds from its first period to that of the ' +
        'next version. A policy already valid then is not added again. Currency, time zone and period of a program never change. ' +
        'A policy that takes something off the approvals waits for a second person.',
    )
    .argument('<file>', 'policy as YAML 1.2 or JSON; - is stdin')
    .option(
      '--from <period>',
      'first period under this policy (default: the first that is not closing or closed)',
      readPeriod,
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook program apply seeds/tiktok-cash-id/policy.yaml',
        'rewardbook program apply policy.yaml --from 2027-01',
      ),
    );
}
