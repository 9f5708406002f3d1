import { useNavigate } from '@tanstack/react-router';
import { stringify } from 'yaml';
import { Button } from '../../blocks/button.tsx';
import { saveFile } from '../../blocks/save-file.ts';
import { Section } from '../../blocks/section.tsx';
import { isKeptHere } from '../address/linked-text.ts';
import { type Side, useLab } from '../state/lab-state.ts';
import { PolicyForm, PolicyYaml } from './policy-editor.tsx';
import { Switch } from './switch.tsx';
import { changesBetween, describeChanges } from './what-changes.ts';

const SIDES = [
  { value: 'b', text: 'Candidate' },
  { value: 'a', text: 'Baseline' },
] as const;
const FORMS = [
  { value: 'form', text: 'Form' },
  { value: 'yaml', text: 'YAML' },
] as const;

/** Both policies, one of which is edited, and what changes between them. */
export function PoliciesPanel() {
  const lab = useLab();
  const navigate = useNavigate();
  const { search, a, b, edit } = lab;
  const side: Side = search.side ?? 'b';
  const isYaml = search.as === 'yaml';
  const name = side === 'a' ? 'Baseline' : 'Candidate';
  const show = (next: { side?: 'a' | undefined; as?: 'yaml' | undefined }): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...next }), replace: true });
  const Editor = isYaml ? PolicyYaml : PolicyForm;
  return (
    <Section
      title="Policies"
      aside={
        <div className="row">
          <Switch
            label="Which policy"
            value={side}
            options={SIDES}
            onChange={(value) => show({ side: value === 'a' ? 'a' : undefined })}
          />
          <Switch
            label="How it is edited"
            value={isYaml ? 'yaml' : 'form'}
            options={FORMS}
            onChange={(value) => show({ as: value === 'yaml' ? 'yaml' : undefined })}
          />
        </div>
      }
    >
      <WhatChanges />
      <Editor
        key={side}
        name={name}
        edited={lab[side]}
        baseline={side === 'b' ? a : undefined}
        onChange={(document) => edit(side, document)}
      />
      <div className="row">
        {side === 'b' ? (
          <Button isSmall onPress={() => edit('b', a.document)}>
            Begin again from the baseline
          </Button>
        ) : (
          <Button isSmall onPress={() => edit('a', b.document)}>
            Make the candidate the baseline
          </Button>
        )}
        <Button
          isSmall
          onPress={() =>
            saveFile(
              new Blob([stringify(lab[side].policy)], { type: 'application/yaml' }),
              `${name.toLowerCase()}.yaml`,
            )
          }
        >
          Save as {name.toLowerCase()}.yaml
        </Button>
      </div>
      {isKeptHere(search.a) || isKeptHere(search.b) ? (
        <p className="small quiet">
          These policies are too long for a link: the address works in this browser only. Send their files to others.
        </p>
      ) : null}
    </Section>
  );
}

/** In a sentence, before anything is worked out. */
export function WhatChanges() {
  const { a, b } = useLab();
  return (
    <p className="what-changes" role="status">
      {describeChanges(changesBetween(a.policy, b.policy))}
    </p>
  );
}
