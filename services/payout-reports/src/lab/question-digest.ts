import { createHash } from 'node:crypto';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { compareUtf8, sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import type { NamedPolicy, Question } from '@rewardbook/lab/question/question';
import type { QuestionOfBody } from './question-body.ts';

/** The SHA-256 of all that an answer follows from, the events left out: the same question, however it is written, has the same. */
export function questionDigest({ question, prepared }: QuestionOfBody): string {
  const creators = 'creators' in question ? question.creators : [];
  const revenue = 'revenue' in prepared ? prepared.revenue : new Map<string, bigint>();
  const canonical = {
    question: question.question,
    creators: creators.toSorted((a, b) => compareUtf8(a.creatorId, b.creatorId)).map(factsOf),
    policies: policiesOf(question).map(({ name, policy }) => [name, policyHash(policy)]),
    revenue: sortUtf8([...revenue.keys()]).map((period) => [period, String(revenue.get(period))]),
    // Of these the policies, creators and revenue above are the canonical form.
    parameters: JSON.stringify({
      ...question,
      creators: undefined,
      policy: undefined,
      a: undefined,
      b: undefined,
      policies: undefined,
      revenue: undefined,
    }),
  };
  return createHash('sha256').update(canonicalJson(canonical)).digest('hex');
}

/** The policies of a question, in its order; where an answer does not name them the name is empty. */
export function policiesOf(question: Question): NamedPolicy[] {
  const unnamed = (policy: Policy): NamedPolicy => ({ name: '', policy });
  switch (question.question) {
    case 'compare':
      return [unnamed(question.a), unnamed(question.b)];
    case 'attack':
    case 'search':
      return [...question.policies];
    default:
      return [unnamed(question.policy)];
  }
}

/** What of a creator can show in an answer. */
function factsOf(creator: RegisteredCreator) {
  const { creatorId, handle, country, joinedOn, followers, viewerIds, scoutId = null, scoutedOn = null } = creator;
  return [creatorId, handle, country, joinedOn, followers, sortUtf8([...viewerIds]), scoutId, scoutedOn];
}
