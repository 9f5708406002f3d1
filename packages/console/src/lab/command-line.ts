import type { Policy } from '@rewardbook/domain/policy/policy';
import type { GivenRevenue } from '@rewardbook/lab/question/question';
import { stringify } from 'yaml';
import { shellLine } from '../format/shell.ts';
import type { LabSearch } from './address/lab-search.ts';

/** Words of a command, each of which may need quotes. */
export type Words = readonly string[];

export interface CommandOf {
  readonly search: LabSearch;
  /** Effective YAML of the scenario; undefined: the pack's own, or no scenario. */
  readonly scenario: string | undefined;
  readonly revenue: readonly GivenRevenue[];
  readonly asksForRevenue: boolean;
  /** Policies by the name of their file. */
  readonly policies: readonly { readonly file: string; readonly policy: Policy }[];
  readonly command: string;
  /** Further options. */
  readonly options: Words;
}

/** Why there is no command for a view; what to do instead. */
export const NO_COMMAND =
  'The command line has no access to what a program’s closes saw: ask POST /v1/lab/questions, which gives the same bytes, or record the period with “rewardbook record”.';

/**
 * Lines of a shell that print the same bytes as the view's download: files of the policies (and of a scenario), then the command.
 * undefined for recorded events.
 */
export function commandLines(of: CommandOf): string | undefined {
  const { search, scenario, policies, command, options } = of;
  if (search.program !== undefined) {
    return undefined;
  }
  const lines = policies.map(({ file, policy }) => hereDocument(file, stringify(policy)));
  if (scenario !== undefined) {
    lines.push(hereDocument('scenario.yaml', scenario));
    lines.push('rewardbook generate scenario.yaml --events 0 --creators-output creators.csv -o no-events.ndjson');
  }
  const named = policies.flatMap(({ file }) => ['--policy', file]);
  lines.push(shellLine(['rewardbook', command, ...named, ...eventWords(of), ...options, '--json']));
  return lines.join('\n');
}

function eventWords({ search, scenario, revenue, asksForRevenue }: CommandOf): string[] {
  const given = asksForRevenue ? ['--revenue', ...revenue.map(({ period, amount }) => `${period}=${amount}`)] : [];
  if (search.file !== undefined) {
    return [
      ...['--events', search.file, ...given],
      ...(search.columns === undefined ? [] : ['--columns', search.columns]),
      ...(search.utc === undefined ? [] : ['--assume-utc']),
    ];
  }
  if (scenario !== undefined) {
    return ['--scenario', 'scenario.yaml', '--creators', 'creators.csv', ...given];
  }
  return [
    ...['--scenario', search.pack ?? ''],
    ...(search.seed === undefined ? [] : ['--seed', `${search.seed}`]),
    ...(search.events === undefined ? [] : ['--count', `${search.events}`]),
    ...(search.revenue === undefined ? [] : given),
  ];
}

/** A file whose text stands in the lines. */
function hereDocument(file: string, text: string): string {
  const end = text.includes('\nEND_OF_FILE\n') ? 'END_OF_FILE_2' : 'END_OF_FILE';
  return `cat > ${shellLine([file])} <<'${end}'\n${text.trimEnd()}\n${end}`;
}
