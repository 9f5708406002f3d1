import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Engagement, isActive, type SettleContext, settle } from './engagement.ts';
import type { EngagementEvent } from './event.ts';
import { fold, newEngagement } from './test-engagements.ts';
import { event } from './test-events.ts';

function folded(events: readonly EngagementEvent[]): Engagement {
  const engagement = newEngagement(event('like', 'v', 'c', 0));
  for (const next of events) {
    fold(engagement, next);
  }
  return engagement;
}

const context = (close: number, changes: Partial<SettleContext> = {}): SettleContext => {
  return { close, isBlocked: () => false, wasVoid: () => false, ...changes };
};

describe('the state of an engagement is its latest event by (occurredAt, id, source)', () => {
  const at = (occurredAt: number, id: string, source: string, type: 'like' | 'unlike') =>
    event(type, 'v', 'c', occurredAt, { id, source });

  it('the later one by time', () => {
    expect(isActive(folded([at(1, 'b', 's', 'like'), at(2, 'a', 's', 'unlike')]))).toBe(false);
  });

  it('at the same time the greater id, by bytes', () => {
    expect(isActive(folded([at(1, 'x\u{1f600}', 's', 'like'), at(1, 'x\uffee', 's', 'unlike')]))).toBe(true);
  });

  it('with the same id the greater source', () => {
    expect(isActive(folded([at(1, 'a', 't', 'unlike'), at(1, 'a', 's', 'like')]))).toBe(false);
  });

  it('any order of delivery and any number of redeliveries give the same state', () => {
    const any = fc.array(
      fc.record({
        at: fc.nat(2),
        id: fc.constantFrom('a', 'b'),
        source: fc.constantFrom('s', 't'),
        type: fc.constantFrom('like' as const, 'unlike' as const),
      }),
      { minLength: 1 },
    );
    const orders = any
      .map((drawn) => {
        const byIdentity = new Map(
          drawn.map((one) => [`${one.id} ${one.source}`, at(one.at, one.id, one.source, one.type)]),
        );
        return [...byIdentity.values()];
      })
      .chain((events) => {
        const again = fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 });
        return fc.tuple(fc.constant(events), again);
      });
    fc.assert(
      fc.property(orders, ([events, delivered]) => {
        expect(folded(delivered).winner).toBe(folded(events).winner);
      }),
    );
  });
});

describe('each engagement earns once', () => {
  const like = event('like', 'v', 'c', 10);
  const unlike = event('unlike', 'v', 'c', 20);
  const again = event('like', 'v', 'c', 30);

  it('gained at the first close at which it is active, lost at the first at which it is not, and then nothing', () => {
    const engagement = newEngagement(like);
    expect(settle(engagement, context(1))).toBeUndefined();
    fold(engagement, like);
    expect(settle(engagement, context(2))).toBe('gained');
    expect(settle(engagement, context(3))).toBeUndefined();
    fold(engagement, unlike);
    expect(settle(engagement, context(4))).toBe('lost');
    fold(engagement, again);
    expect(settle(engagement, context(5))).toBeUndefined();
    expect(engagement).toMatchObject({ status: 'lost', gainedAt: 2, lostAt: 4 });
  });

  it('given and taken back within one close it never earns', () => {
    const engagement = folded([like, unlike]);
    expect(settle(engagement, context(1))).toBeUndefined();
    expect(engagement.status).toBe('none');
  });

  it('baseline neither earns nor costs', () => {
    const engagement = folded([like]);
    engagement.status = 'baseline';
    expect(settle(engagement, context(1))).toBeUndefined();
    fold(engagement, unlike);
    expect(settle(engagement, context(2))).toBeUndefined();
    fold(engagement, again);
    expect(settle(engagement, context(3))).toBeUndefined();
  });

  it('losing costs nothing if what it gained was void, at that close and for that creator', () => {
    const wasVoid = (creatorId: string, close: number) => creatorId === 'c' && close === 1;
    const engagement = folded([like]);
    settle(engagement, context(1));
    fold(engagement, unlike);
    expect(settle(engagement, context(2, { wasVoid }))).toBe('lost-void');
    const later = folded([like]);
    settle(later, context(2));
    fold(later, unlike);
    expect(settle(later, context(3, { wasVoid }))).toBe('lost');
  });
});

describe('a block', () => {
  const blocked = (close: number, changes: Partial<SettleContext> = {}) =>
    context(close, { isBlocked: () => true, ...changes });
  const like = event('like', 'v', 'c', 10);
  const unlike = event('unlike', 'v', 'c', 20);
  const again = event('like', 'v', 'c', 30);

  it('makes an engagement inactive, though the register keeps its winner; when it ends, what is active is gained', () => {
    const engagement = folded([like]);
    expect(settle(engagement, blocked(1))).toBeUndefined();
    expect(isActive(engagement)).toBe(true);
    expect(settle(engagement, context(2))).toBe('gained');
  });

  it('alone takes away what was gained; when it ends, that comes back as if it had not been gained before, every time', () => {
    const engagement = folded([like]);
    for (const first of [1, 3, 5]) {
      expect(settle(engagement, context(first))).toBe('gained');
      expect(engagement).toMatchObject({ gainedAt: first, lostAt: 0 });
      expect(settle(engagement, blocked(first + 1))).toBe('lost');
      expect(engagement).toMatchObject({
        status: 'suspended',
        lostAt: first + 1,
      });
    }
    expect(settle(engagement, blocked(7))).toBeUndefined();
    settle(engagement, context(8));
    fold(engagement, unlike);
    expect(settle(engagement, context(9))).toBe('lost');
    fold(engagement, again);
    expect(settle(engagement, context(10))).toBeUndefined();
  });

  it('and a take-back at the same close: lost permanently', () => {
    const engagement = folded([like]);
    settle(engagement, context(1));
    fold(engagement, unlike);
    expect(settle(engagement, blocked(2))).toBe('lost');
    fold(engagement, again);
    expect(settle(engagement, context(3))).toBeUndefined();
  });

  it('what is taken back under it is not active when it ends, and is gained once it is given again', () => {
    const engagement = folded([like]);
    settle(engagement, context(1));
    settle(engagement, blocked(2));
    fold(engagement, unlike);
    expect(settle(engagement, context(3))).toBeUndefined();
    fold(engagement, again);
    expect(settle(engagement, context(4))).toBe('gained');
  });

  it('costs nothing if what it takes away was void; that is still gained again', () => {
    const engagement = folded([like]);
    settle(engagement, context(1));
    expect(settle(engagement, blocked(2, { wasVoid: (_creatorId, close) => close === 1 }))).toBe('lost-void');
    expect(settle(engagement, context(3))).toBe('gained');
  });

  it('leaves the baseline unchanged', () => {
    const engagement = folded([like]);
    engagement.status = 'baseline';
    expect(settle(engagement, blocked(1))).toBeUndefined();
    expect(settle(engagement, context(2))).toBeUndefined();
  });
});
