import { QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import { Button } from '../../blocks/button.tsx';
import { Choice, Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { type AttackSearch, KINDS, kindOf } from './attack-question.ts';

export interface AttackFormProps {
  readonly search: AttackSearch;
  readonly isBusy: boolean;
  onChange(search: Partial<AttackSearch>): void;
  onAttack(): void;
}

const COUNTS = [
  ['size', 'Fake events', `${QUESTION_DEFAULTS.fakeEvents} if left out`],
  ['accounts', 'Accounts', 'by kind if left out'],
  ['hours', 'Hours', 'all periods if left out'],
] as const;

const TEXTS = [
  ['cost', 'Price of an event', '0 if left out'],
  ['accountCost', 'Price of an account', '0 if left out'],
  ['creator', 'For creators', 'from the middle if left out'],
  ['rules', 'Rules to try alone', 'as maxLikesPerPair=10'],
] as const;

/** What the adversary does, how much of it, and what it costs. */
export function AttackForm({ search, isBusy, onChange, onAttack }: AttackFormProps) {
  return (
    <Form isRow onSubmit={onAttack}>
      <Choice
        label="Kind"
        value={kindOf(search)}
        options={Object.entries(KINDS).map(([value, text]) => ({ value, text }))}
        onChange={(kind) => onChange({ kind })}
      />
      {COUNTS.map(([name, label, hint]) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          inputMode="decimal"
          value={search[name] === undefined ? '' : `${search[name]}`}
          onChange={(text) => onChange({ [name]: /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined })}
        />
      ))}
      {TEXTS.map(([name, label, hint]) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          value={search[name] ?? ''}
          onChange={(text) => onChange({ [name]: text === '' ? undefined : text })}
        />
      ))}
      <Button type="submit" kind="primary" isBusy={isBusy}>
        Attack
      </Button>
    </Form>
  );
}
