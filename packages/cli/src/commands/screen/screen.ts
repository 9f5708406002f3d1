import { screeningCsv } from '@rewardbook/lab/answer/answer-csv';
import { answerJson } from '@rewardbook/lab/answer/answer-json';
import { screenCreators } from '@rewardbook/lab/answer/screen-creators';
import { prepareScreening } from '@rewardbook/lab/prepare/prepare';
import type { Screening } from '@rewardbook/simulate/screen/screen';
import { printPieces } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { asInputErrors, labEvents, policyOfPack } from '../../simulation/lab-inputs.ts';
import { type Io, write } from '../../terminal/io.ts';
import { type Column, grouped, groupedCount, renderTable } from '../../terminal/table.ts';
import type { ScreenCommandOptions } from './command.ts';

/** Screens for rising creators and prints the list. */
export async function printRisers(options: ScreenCommandOptions, io: Io): Promise<void> {
  const policy = options.policy === undefined ? await policyOfPack(options) : await readPolicy(options.policy, io);
  const { creators, readEvents } = await labEvents(options, io);
  await asInputErrors(async () => {
    const { top, periods, minFollows, minFollowers, maxFollowers } = options;
    const limits = { periods, minFollows, minFollowers, maxFollowers };
    const prepared = prepareScreening({ question: 'screen', policy, creators, top, ...limits });
    const { listed, found } = await screenCreators(prepared, { readEvents, onProgress: () => undefined });
    if (options.json || options.format === 'json') {
      await printPieces(io, answerJson(listed));
    } else {
      await write(io.stdout, options.format === 'csv' ? screeningCsv(listed) : describe(listed, found));
    }
  });
}

function describe({ periods, creators }: Screening, found: number): string {
  const right = (...titles: string[]): Column[] => titles.map((title) => ({ title, align: 'right' }));
  const table = renderTable(
    [
      { title: 'creator' },
      { title: 'handle' },
      ...right('followers', 'won', 'growth', 'lift', 'steadiness', 'trend', 'score'),
      { title: 'points by period' },
    ],
    creators.map((row) => [
      row.creatorId,
      row.handle ?? '',
      groupedCount(row.followersBefore),
      groupedCount(row.netFollows),
      row.growth ?? 'new',
      row.lift,
      row.steadiness,
      row.trend,
      row.score,
      row.points.map(grouped).join(' '),
    ]),
  );
  const span = periods.length === 1 ? periods[0] : `${periods[0]} to ${periods.at(-1)}`;
  return `${groupedCount(found)} creators, ${span}${found > creators.length ? `; the first ${creators.length}` : ''}\n\n${table}`;
}
