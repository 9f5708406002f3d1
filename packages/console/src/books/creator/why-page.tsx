import { type Explanation, explanationSchema } from '@rewardbook/contracts/api/explanation';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { askJson, path } from '../../api/client.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Name } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { readablePeriod } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { CreatorLink } from '../links.tsx';
import { creatorsStep, programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { ChangedEngagements } from './changed-engagements.tsx';
import { JudgedEvents } from './judged-events.tsx';
import { TakeDerivation } from './take-derivation.tsx';
import { CountSteps } from './why-counts.tsx';
import { MoneySteps } from './why-money.tsx';

/** Why this amount: a page to read aloud, from the events to the payment. */
export function WhyPage() {
  const program = useProgram();
  const { creator, period } = useParams({ from: '/books/$program/creators/$creator/why/$period' });
  const place = path`/v1/programs/${program.program}/periods/${period}/creators/${creator}/explanation`;
  const explanation = useQuery({
    queryKey: ['reports', 'explanation', program.program, period, creator],
    queryFn: ({ signal }) => askJson({ service: 'reports', path: place, signal }, explanationSchema),
  });
  const titleText = `Why ${creator} gets this amount for ${readablePeriod(period)}`;
  return (
    <Page
      trail={[
        programStep(program),
        creatorsStep(program),
        <CreatorLink key="creator" program={program.program} creator={creator} />,
      ]}
      title={
        <>
          Why <Name>{creator}</Name> gets this amount for {readablePeriod(period)}
        </>
      }
      titleText={titleText}
      lead={explanation.data === undefined ? undefined : <Answer told={explanation.data} />}
      actions={
        explanation.data === undefined ? undefined : (
          <TakeDerivation program={program.program} period={period} creator={creator} place={place} />
        )
      }
    >
      <Reading of={explanation} what="the derivation of this amount" failure="Could not explain this amount" />
      {explanation.data === undefined ? null : (
        <>
          <ol className="derivation">
            <CountSteps told={explanation.data} />
            <MoneySteps told={explanation.data} />
          </ol>
          <Section title="Engagements that this close changed">
            <ChangedEngagements place={place} timeZone={program.timeZone} />
          </Section>
          <Section title="Events that this close judged">
            <JudgedEvents
              place={place}
              timeZone={program.timeZone}
              rules={explanation.data.events.excluded.map(({ rule }) => rule)}
            />
          </Section>
        </>
      )}
    </Page>
  );
}

function Answer({ told: { amount, currency, close } }: { readonly told: Explanation }) {
  return (
    <>
      <Amount value={amount} currency={currency} /> by close {close.number}, under policy version {close.policyVersion}
    </>
  );
}
