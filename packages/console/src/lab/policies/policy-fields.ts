import type { PolicyDocument } from '../state/policy-document.ts';

/** A setting of a policy that a form shows. */
export interface PolicyField {
  /** As `weights.follow`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'decimal' | 'count' | 'flag' | 'choice' | 'list';
  /** Ends and steps of the slider; what is typed may lie outside. */
  readonly slider?: { readonly min: number; readonly max: number; readonly step: number };
  readonly options?: readonly string[];
  /** It may be left out: then this is said. */
  readonly whenLeftOut?: string;
  /** Only where it plays a part. */
  isShown?(document: PolicyDocument): boolean;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly PolicyField[];
}

const methodOf = (document: PolicyDocument): unknown =>
  typeof document.allocation === 'object' && document.allocation !== null
    ? Reflect.get(document.allocation, 'method')
    : undefined;

export const METHOD_NAMES: Readonly<Record<string, string>> = {
  'pro-rata': 'Pro rata: by points',
  'user-centric': 'User-centric: each viewer’s part, by points',
  'engaged-equal': 'Engaged equal: each viewer’s part, in equal parts',
  equal: 'Equal: the same for everybody with points',
  'square-root': 'Square root of points',
  blend: 'Blend of pro rata and user-centric',
};

/** The settings of a policy that decide who gets what, in the order in which a form shows them. */
export const POLICY_GROUPS: readonly FieldGroup[] = [
  {
    title: 'Pool and points',
    fields: [
      field('revenueShare', 'Share of the revenue', { slider: { min: 0, max: 1, step: 0.005 } }),
      field('weights.like', 'A like counts', { slider: { min: 0, max: 20, step: 0.5 }, hint: 'points' }),
      field('weights.follow', 'A follow counts', { slider: { min: 0, max: 50, step: 0.5 }, hint: 'points' }),
    ],
  },
  {
    title: 'Split',
    fields: [
      field('allocation.method', 'Method', { kind: 'choice', options: Object.keys(METHOD_NAMES) }),
      field('allocation.lambda', 'Part of pro rata', {
        slider: { min: 0, max: 1, step: 0.05 },
        isShown: (document) => methodOf(document) === 'blend',
      }),
      field('allocation.maxShare', 'Most that one creator gets', {
        slider: { min: 0.005, max: 1, step: 0.005 },
        hint: 'of the pool',
        whenLeftOut: 'No cap',
      }),
      field('undistributed', 'What nobody may have', { kind: 'choice', options: ['rollover', 'return'] }),
    ],
  },
  {
    title: 'Who may earn',
    fields: [
      field('eligibility.registeredOnly', 'Only registered creators', { kind: 'flag' }),
      field('eligibility.minPoints', 'Least points', { slider: { min: 0, max: 100, step: 1 } }),
      field('eligibility.minFollowers', 'Least followers', {
        kind: 'count',
        slider: { min: 0, max: 10_000, step: 50 },
      }),
      field('eligibility.minAccountAgeDays', 'Least age of the account', {
        kind: 'count',
        slider: { min: 0, max: 365, step: 1 },
        hint: 'days',
      }),
      field('eligibility.countries', 'Countries', { kind: 'list', whenLeftOut: 'All countries', hint: 'as ID, MY' }),
      field('maxLatePeriods', 'How late events may come', {
        kind: 'count',
        slider: { min: 0, max: 12, step: 1 },
        hint: 'periods',
      }),
    ],
  },
  {
    title: 'Risk rules',
    fields: [
      field('risk.maxEventsPerViewerPerHour', 'Events of a viewer in an hour', limit(500)),
      field('risk.maxTogglesPerEngagement', 'Events of one engagement in a period', limit(50)),
      field('risk.maxLikesPerPair', 'Likes of a viewer for one creator in a period', limit(200)),
      field('risk.minViewerAgeHours', 'Least age of a viewer', { ...limit(168), hint: 'hours' }),
      field('risk.blockedViewers', 'Blocked viewers', { kind: 'list', whenLeftOut: 'None' }),
      field('risk.blockedCreators', 'Blocked creators', { kind: 'list', whenLeftOut: 'None' }),
    ],
  },
];

export const POLICY_FIELDS: readonly PolicyField[] = POLICY_GROUPS.flatMap(({ fields }) => fields);

function field(path: string, label: string, rest: Partial<PolicyField>): PolicyField {
  return { path, label, kind: 'decimal', ...rest };
}

function limit(max: number): Partial<PolicyField> {
  return { kind: 'count', slider: { min: 1, max, step: 1 }, whenLeftOut: 'No limit' };
}

/** What a person calls a key of a policy. */
export function labelOf(path: string): string {
  const known = POLICY_FIELDS.find((one) => one.path === path)?.label;
  return (
    known ??
    path
      .replaceAll('.', ' ')
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
  );
}
