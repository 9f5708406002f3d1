import type { Rule } from '../policy/rule.ts';

export interface Event {
  readonly rule: Rule;
}
