import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { describe, expect, it } from 'vitest';
import { reportQuerySchemas, summaryRowSchema } from './reports.ts';

describe('reports', () => {
  it('have columns for the exclusions of every risk rule', () => {
    const columns = Object.keys(summaryRowSchema.shape).filter((column) => column.startsWith('excluded_'));
    expect(columns).toEqual(RISK_RULES.flatMap((rule) => [`excluded_${rule}_events`, `excluded_${rule}_points`]));
  });

  it('refuse a filter that they do not have', () => {
    expect(reportQuerySchemas.summary.safeParse({ creator: 'c1' }).success).toBe(false);
    expect(reportQuerySchemas.statement.safeParse({}).success).toBe(false);
    expect(reportQuerySchemas.payouts.safeParse({ period: '2026-10', creator: 'c1', format: 'csv' }).success).toBe(
      true,
    );
  });
});
