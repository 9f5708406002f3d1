import { parsePolicyFile } from '@rewardbook/contracts/files/policy-file';
import type { Issue } from '@rewardbook/contracts/values/issue';
import { useId, useMemo, useState } from 'react';
import { stringify } from 'yaml';
import { Notice } from '../../blocks/notice.tsx';
import type { EditedPolicy } from '../state/lab-state.ts';
import { documentOf, type PolicyDocument, valueAt, withValueAt } from '../state/policy-document.ts';
import { Boosts } from './boosts.tsx';
import { POLICY_FIELDS, POLICY_GROUPS } from './policy-fields.ts';
import { Setting } from './setting.tsx';
import { changesBetween } from './what-changes.ts';

export interface PolicyEditorProps {
  /** "Candidate", "Baseline" */
  readonly name: string;
  readonly edited: EditedPolicy;
  /** What it is compared with, field by field; undefined: it is the baseline itself. */
  readonly baseline: EditedPolicy | undefined;
  onChange(document: PolicyDocument): void;
}

/** A policy as a form; each fault stands at its field, what has no field at the top. */
export function PolicyForm({ name, edited, baseline, onChange }: PolicyEditorProps) {
  const { document, issues } = edited;
  const faultAt = (path: string): string | undefined => issues.find((issue) => issue.path === path)?.message;
  const changed = useMemo(
    () =>
      new Map(
        baseline === undefined
          ? []
          : changesBetween(baseline.policy, edited.policy).map((one) => [one.path, one.before]),
      ),
    [baseline, edited.policy],
  );
  const elsewhere = issues.filter(
    ({ path }) => !path.startsWith('boosts') && !POLICY_FIELDS.some((field) => field.path === path),
  );
  return (
    <form className="policy-form" aria-label={`${name} as a form`} onSubmit={(event) => event.preventDefault()}>
      <Faults issues={elsewhere} />
      {POLICY_GROUPS.map(({ title, fields }) => (
        <fieldset className="settings" key={title}>
          <legend>{title}</legend>
          {fields
            .filter((field) => field.isShown?.(document) ?? true)
            .map((field) => (
              <Setting
                key={field.path}
                field={field}
                value={valueAt(document, field.path)}
                error={faultAt(field.path)}
                before={changed.get(field.path)}
                onChange={(value) => onChange(withMethod(withValueAt(document, field.path, value), field.path))}
              />
            ))}
        </fieldset>
      ))}
      <Boosts document={document} faultAt={faultAt} onChange={onChange} />
    </form>
  );
}

/** lambda belongs to the method blend, which needs it. */
function withMethod(document: PolicyDocument, path: string): PolicyDocument {
  if (path !== 'allocation.method') {
    return document;
  }
  const isBlend = valueAt(document, path) === 'blend';
  return withValueAt(
    document,
    'allocation.lambda',
    isBlend ? (valueAt(document, 'allocation.lambda') ?? '0.5') : undefined,
  );
}

/** A policy as YAML: what is typed stays, and becomes the policy once it is valid. */
export function PolicyYaml({ name, edited, onChange }: PolicyEditorProps) {
  const id = useId();
  const [typed, setTyped] = useState<{ readonly text: string; readonly document: PolicyDocument | undefined }>();
  // What was typed, as long as nothing else changed the policy.
  const isTyped = typed !== undefined && (typed.document === undefined || typed.document === edited.document);
  const text = isTyped ? typed.text : stringify(edited.document);
  const parsed = useMemo(() => parsePolicyFile(text), [text]);
  const issues = parsed.ok ? edited.issues : parsed.issues;
  return (
    <div className="field policy-yaml">
      <label htmlFor={id}>{name} as YAML</label>
      <textarea
        id={id}
        className="input code"
        dir="ltr"
        spellCheck={false}
        rows={Math.min(40, text.split('\n').length + 1)}
        value={text}
        aria-invalid={issues.length > 0}
        aria-describedby={`${id}-faults`}
        onChange={(event) => {
          const next = event.target.value;
          const policy = parsePolicyFile(next);
          const document = policy.ok ? documentOf(policy.value) : undefined;
          setTyped({ text: next, document });
          if (document !== undefined) {
            onChange(document);
          }
        }}
      />
      <div id={`${id}-faults`}>
        <Faults issues={issues} />
      </div>
    </div>
  );
}

function Faults({ issues }: { readonly issues: readonly Issue[] }) {
  if (issues.length === 0) {
    return null;
  }
  return (
    <Notice tone="bad" title="This is not a policy yet; the figures are those of the last one that was">
      <ul>
        {issues.slice(0, 10).map(({ path, message, line, column }) => (
          <li key={`${line}:${column}:${path}:${message}`}>
            {line === undefined ? '' : `Line ${line}, column ${column}: `}
            {path === '' ? '' : `${path} `}
            {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
