import { Button } from '../../blocks/button.tsx';
import { Field } from '../../blocks/field.tsx';
import { isObject, type PolicyDocument, withValueAt } from '../state/policy-document.ts';

export interface BoostsProps {
  readonly document: PolicyDocument;
  /** What is wrong at a path. */
  faultAt(path: string): string | undefined;
  onChange(document: PolicyDocument): void;
}

const CONDITIONS = [
  ['minFollowers', 'From followers'],
  ['maxFollowers', 'Up to followers'],
  ['minGrowth', 'Least growth (0.2 is 20%)'],
] as const;

/** Boosts: whom they are for, and by how much they multiply. */
export function Boosts({ document, faultAt, onChange }: BoostsProps) {
  const boosts = Array.isArray(document.boosts) ? document.boosts.filter(isObject) : [];
  const change = (next: readonly PolicyDocument[]): void => onChange({ ...document, boosts: next });
  const set = (index: number, path: string, value: unknown): void =>
    change(boosts.map((boost, place) => (place === index ? withValueAt(boost, path, value) : boost)));
  return (
    <fieldset className="settings">
      <legend>Boosts</legend>
      {faultAt('boosts') === undefined ? null : <p className="field-error">{`Boosts ${faultAt('boosts')}`}</p>}
      {boosts.map((boost, index) => {
        const when = isObject(boost.when) ? boost.when : {};
        return (
          <div className="boost" key={index}>
            <Field
              label="Name"
              value={String(boost.name ?? '')}
              error={faultAt(`boosts[${index}].name`)}
              onChange={(text) => set(index, 'name', text)}
            />
            <Field
              label="Multiplies points by"
              inputMode="decimal"
              value={String(boost.multiplier ?? '')}
              error={faultAt(`boosts[${index}].multiplier`)}
              onChange={(text) => set(index, 'multiplier', text)}
            />
            {CONDITIONS.map(([key, label]) => (
              <Field
                key={key}
                label={label}
                inputMode="decimal"
                value={String(when[key] ?? '')}
                error={faultAt(`boosts[${index}].when.${key}`)}
                onChange={(text) => set(index, `when.${key}`, conditionOf(key, text))}
              />
            ))}
            <Button isSmall kind="quiet" onPress={() => change(boosts.filter((_, place) => place !== index))}>
              Remove <span className="visually-hidden">boost {String(boost.name ?? index + 1)}</span>
            </Button>
          </div>
        );
      })}
      <Button
        isSmall
        onPress={() =>
          change([...boosts, { name: `boost-${boosts.length + 1}`, when: { minFollowers: 1000 }, multiplier: '1.5' }])
        }
      >
        Add a boost
      </Button>
    </fieldset>
  );
}

function conditionOf(key: string, text: string): unknown {
  const plain = text.trim();
  if (plain === '') {
    return undefined;
  }
  return key !== 'minGrowth' && /^\d{1,15}$/.test(plain) ? Number(plain) : plain;
}
