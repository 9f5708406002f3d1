import type { Issue, Parsed } from '../../values/issue.ts';
import { TableError } from './table-error.ts';

/** The fields of an event that a table can have, in the order in which events are written. */
export const EVENT_FIELDS = ['id', 'source', 'type', 'viewerId', 'creatorId', 'contentId', 'occurredAt'] as const;

export type EventField = (typeof EVENT_FIELDS)[number];

/** Which column holds a field, by the column's name; '' says that none does. What is left out is guessed. */
export type GivenColumns = Readonly<Partial<Record<EventField, string>>>;

/** A field and where it is. */
export interface EventColumn {
  readonly field: EventField;
  /** The column's name. */
  readonly name: string;
  /** Its place, from 0. */
  readonly index: number;
}

export interface MatchedColumns {
  /** In the order of EVENT_FIELDS. */
  readonly columns: readonly EventColumn[];
  /** Names of the columns that are not used. */
  readonly unused: readonly string[];
}

const OPTIONAL: ReadonlySet<EventField> = new Set(['source', 'contentId']);
const MAX_NAMES_SHOWN = 40;

/** Names by which columns are known, the likeliest first; case, spaces, `_`, `-` and `.` make no difference. */
const KNOWN_NAMES: Readonly<Record<EventField, readonly string[]>> = {
  id: ['id', 'eventid', 'eventuuid', 'uuid', 'messageid', 'insertid', 'eventkey'],
  source: ['source', 'eventsource', 'sourceid'],
  type: ['type', 'eventtype', 'kind', 'eventkind', 'event', 'eventname', 'action'],
  viewerId: ['viewerid', 'viewer', 'userid', 'user', 'actorid', 'actor', 'fanid'],
  creatorId: ['creatorid', 'creator', 'authorid', 'author', 'channelid', 'channel', 'artistid', 'ownerid'],
  contentId: ['contentid', 'content', 'videoid', 'video', 'postid', 'post', 'itemid', 'item', 'clipid', 'trackid'],
  occurredAt: [
    ...['occurredat', 'occurred', 'eventtime', 'eventtimestamp', 'timestamp', 'time', 'ts', 'datetime'],
    ...['happenedat', 'eventat', 'createdat'],
  ],
};

/** Reads `id=event_id,type=kind`; `source=` says that no column holds it. Names have no comma. */
export function readColumns(text: string): Parsed<GivenColumns> {
  const given: Partial<Record<EventField, string>> = {};
  const issues: Issue[] = [];
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const written = at < 0 ? part : part.slice(0, at);
    const field = EVENT_FIELDS.find((known) => known === written.trim());
    if (field === undefined || at < 0) {
      issues.push({
        path: '',
        message: `"${part.slice(0, 80)}" is not FIELD=COLUMN; fields are ${EVENT_FIELDS.join(', ')}`,
      });
    } else if (given[field] !== undefined) {
      issues.push({ path: field, message: 'is given twice' });
    } else {
      given[field] = part.slice(at + 1);
    }
  }
  return issues.length === 0 ? { ok: true, value: given } : { ok: false, issues };
}

/**
 * Finds the columns of a table that hold an event's fields: those that are given, the others by their names.
 *
 * @throws TableError where a field that every event has is in none, or in more than one
 */
export function matchColumns(names: readonly string[], given: GivenColumns = {}): MatchedColumns {
  const taken = new Set<number>();
  const found = new Map<EventField, number>();
  for (const field of EVENT_FIELDS) {
    const name = given[field];
    if (name === undefined || name === '') {
      continue;
    }
    const index = onlyPlace(names, name);
    found.set(field, index);
    taken.add(index);
  }
  for (const field of EVENT_FIELDS) {
    const index = given[field] === undefined ? guess(names, field, taken) : undefined;
    if (index !== undefined) {
      found.set(field, index);
      taken.add(index);
    }
  }
  const missing = EVENT_FIELDS.filter((field) => !found.has(field) && !OPTIONAL.has(field));
  if (missing.length > 0) {
    throw columnsError(`no column is known for ${missing.join(', ')}; the columns are ${shown(names)}`);
  }
  const columns = EVENT_FIELDS.flatMap((field) => {
    const index = found.get(field);
    return index === undefined ? [] : [{ field, name: names[index] ?? '', index }];
  });
  return { columns, unused: names.filter((_, index) => !taken.has(index)) };
}

/** Whether these are columns of events, by their names. */
export function areEventColumns(names: readonly string[]): boolean {
  try {
    matchColumns(names);
    return true;
  } catch (error) {
    if (error instanceof TableError) {
      return false;
    }
    throw error;
  }
}

/** `id=event_id, type=kind; not used: device`: for people. */
export function describeColumns({ columns, unused }: MatchedColumns): string {
  const used = columns.map(({ field, name }) => `${field}=${name}`).join(', ');
  return unused.length === 0 ? used : `${used}; not used: ${unused.slice(0, MAX_NAMES_SHOWN).join(', ')}`;
}

/** The name of the column that a refusal of an event is about; its message begins with the field. */
export function columnOfRefusal(message: string, columns: readonly EventColumn[]): string | undefined {
  const [field] = message.split(' ', 1);
  return columns.find((column) => column.field === field)?.name;
}

function guess(names: readonly string[], field: EventField, taken: ReadonlySet<number>): number | undefined {
  for (const known of KNOWN_NAMES[field]) {
    const places = names.flatMap((name, index) => (plain(name) === known && !taken.has(index) ? [index] : []));
    if (places.length > 1) {
      const both = places.map((index) => `"${names[index]}"`).join(' and ');
      throw columnsError(`${both} can both be ${field}: say which one is`);
    }
    if (places[0] !== undefined) {
      return places[0];
    }
  }
  return undefined;
}

function onlyPlace(names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  if (index < 0) {
    throw columnsError(`there is no column "${name.slice(0, 80)}"; the columns are ${shown(names)}`);
  }
  if (names.includes(name, index + 1)) {
    throw columnsError(`the column "${name.slice(0, 80)}" is there twice`);
  }
  return index;
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.-]/g, '');
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, MAX_NAMES_SHOWN).map((name) => `"${name.slice(0, 80)}"`);
  return names.length > MAX_NAMES_SHOWN ? `${first.join(', ')} …` : first.join(', ');
}

function columnsError(message: string): TableError {
  return new TableError(message, { isAboutColumns: true });
}
