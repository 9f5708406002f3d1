import type { EventsFilter } from '@rewardbook/contracts/api/ingest/events';
import type { Sql } from '@rewardbook/db/client';
import { type EVENT_TYPES, eventType } from '@rewardbook/domain/events/event';
import type { Fragment } from 'postgres';

/** Whether a filter asks for more than an index finds: then a page looks through events and passes most of them over. */
export function isSearch({ viewerId, creatorId, type, occurredFrom, occurredUntil }: EventsFilter): boolean {
  return [viewerId, creatorId, type, occurredFrom, occurredUntil].some((one) => one !== undefined);
}

/** Bounds of a filter in epoch milliseconds: from the first on, before the second. */
export function boundsOf({ occurredFrom, occurredUntil }: EventsFilter): readonly [number | null, number | null] {
  return [orNull(occurredFrom), orNull(occurredUntil)];
}

function orNull(instant: string | undefined): number | null {
  return instant === undefined ? null : Date.parse(instant);
}

/** The condition that a filter is, of rows with the columns of `event`. */
export function eventConditions(sql: Sql, filter: EventsFilter): Fragment {
  const { id, viewerId, creatorId, type, batchId } = filter;
  const [from, until] = boundsOf(filter);
  const conditions = [
    ...given(id, (value) => sql`id = ${value}`),
    ...given(batchId, (value) => sql`batch_id = ${value}::bigint`),
    ...given(viewerId, (value) => sql`viewer_id = ${value}`),
    ...given(creatorId, (value) => sql`creator_id = ${value}`),
    ...given(from, (value) => sql`occurred_at >= ${value}::bigint`),
    ...given(until, (value) => sql`occurred_at < ${value}::bigint`),
    ...given(type, (value) => typeCondition(sql, value)),
  ];
  return conditions.reduce((all, one) => sql`${all} AND ${one}`, sql`true`);
}

function given<Value>(value: Value | undefined | null, make: (value: Value) => Fragment): readonly Fragment[] {
  return value === undefined || value === null ? [] : [make(value)];
}

/** What `eventType` makes of a row, the other way round. */
function typeCondition(sql: Sql, type: (typeof EVENT_TYPES)[number]): Fragment {
  const isFollow = eventType(true, true) === type || eventType(true, false) === type;
  const active = eventType(isFollow, true) === type;
  return isFollow ? sql`content_id = '' AND active = ${active}` : sql`content_id <> '' AND active = ${active}`;
}
