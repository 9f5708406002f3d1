import type { PointInTime } from '@rewardbook/contracts/values/point-in-time';
import { useState } from 'react';
import { Button } from '../../blocks/button.tsx';
import { Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';

/** Balances as they were: what was posted until an instant, what is effective until a date. */
export function PointInTimeForm({
  value,
  verb = 'Show',
  onChange,
}: {
  readonly value: PointInTime;
  /** Of its button. */
  readonly verb?: string;
  onChange(value: PointInTime): void;
}) {
  const [asOf, setAsOf] = useState(value.asOf ?? '');
  const [effective, setEffective] = useState(value.effective ?? '');
  const [fault, setFault] = useState<string>();
  const submit = (): void => {
    const instant = asOf.trim() === '' ? undefined : readInstant(asOf.trim());
    setFault(
      asOf.trim() !== '' && instant === undefined
        ? 'Give an instant, as 2026-11-01 or 2026-11-01T12:00:00Z'
        : undefined,
    );
    if (asOf.trim() === '' || instant !== undefined) {
      onChange({ asOf: instant, effective: effective === '' ? undefined : effective });
    }
  };
  return (
    <Form isRow onSubmit={submit}>
      <Field label="Posted until (UTC)" value={asOf} onChange={setAsOf} error={fault} />
      <Field label="Effective until" type="date" value={effective} onChange={setEffective} />
      <Button type="submit">{verb}</Button>
      {value.asOf === undefined && value.effective === undefined ? null : (
        <Button
          kind="quiet"
          onPress={() => {
            setAsOf('');
            setEffective('');
            onChange({ asOf: undefined, effective: undefined });
          }}
        >
          Back to now
        </Button>
      )}
    </Form>
  );
}

/** A date alone is its first instant in UTC. */
function readInstant(text: string): string | undefined {
  const at = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
