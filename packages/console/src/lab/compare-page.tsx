import type { SelectedSizes } from '@rewardbook/lab/view/creator-rows';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Failure, Notice, Pending } from '../blocks/notice.tsx';
import { Page } from '../shell/page.tsx';
import { BeforeAfterChart } from './answers/before-after-chart.tsx';
import { DecilesChart, DistributionChart, LorenzChart } from './answers/charts.tsx';
import { CliffsSection } from './answers/cliffs-section.tsx';
import { type CompareSearch, CreatorsSection } from './answers/creators-section.tsx';
import { HeadFigures, MoreFigures } from './answers/figures.tsx';
import { PeriodsSection } from './answers/periods-section.tsx';
import { writeSizes } from './answers/size-text.ts';
import { type ShownView, useView } from './answers/use-view.ts';
import { ApplyToProgram } from './apply-to-program.tsx';
import { SimulationNotice } from './lab-frame.tsx';
import { PoliciesPanel } from './policies/policies-panel.tsx';
import { useLab } from './state/lab-state.ts';
import { TakeAlong } from './take-along.tsx';

/** Two policies on the same events: what changes, for whom, and by how much. */
export function ComparePage() {
  const lab = useLab();
  const shown = useView(lab.a.policy, lab.b.policy);
  const question = useMemo(
    () => ({ question: 'compare', a: lab.a.policy, b: lab.b.policy }) as const,
    [lab.a.policy, lab.b.policy],
  );
  return (
    <Page
      title="Two policies"
      lead="Baseline against candidate, on the same events."
      actions={<ApplyToProgram view={shown.view} />}
    >
      <SimulationNotice lab={lab} />
      <div className="lab-columns">
        <PoliciesPanel />
        <Answers shown={shown} search={lab.search} />
      </div>
      <TakeAlong name="compare" question={question} options={[]} policies="both" />
    </Page>
  );
}

function Answers({ shown, search }: { readonly shown: ShownView; readonly search: CompareSearch }) {
  const { view, version, error } = shown;
  const navigate = useNavigate();
  const select = useCallback(
    (sizes: SelectedSizes | undefined): void =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, sizes: sizes === undefined ? undefined : writeSizes(sizes) }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return (
    <div className="answers" data-version={version}>
      {error === null ? null : <Failure error={error} what="These policies have no answer" />}
      {view === undefined ? (
        error === null ? (
          <Pending what="what each creator gets" />
        ) : null
      ) : (
        <>
          {view.isSame ? (
            <Notice tone="info" title="No difference">
              Under both policies every creator gets the same, to the last digit.
            </Notice>
          ) : null}
          <HeadFigures view={view} />
          <MoreFigures view={view} />
          <div className="charts">
            <DecilesChart view={view} />
            <LorenzChart view={view} />
            <BeforeAfterChart view={view} onSelect={select} />
            <DistributionChart view={view} />
          </div>
          <CreatorsSection search={search} version={version} currency={view.currency} />
          <CliffsSection version={version} currency={view.currency} />
          <PeriodsSection view={view} />
        </>
      )}
    </div>
  );
}
