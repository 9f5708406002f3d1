import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fraction, randomFrom } from '@rewardbook/simulate/generator/random';

/** The same events as NDJSON for the service, and as COPY's text format for psql. */
export interface EventFiles {
  readonly ndjson: string;
  readonly copy: string;
}

export interface IngestFiles {
  /** ids in time order */
  readonly ordered: EventFiles;
  readonly shuffled: EventFiles;
  remove(): Promise<void>;
}

const SEED = 20_260_901;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FIRST_MS = Date.UTC(2026, 8, 1);
const STEP_MS = 2_500;
const VIEWERS = 200_000;
const CREATORS = 50_000;
const CONTENTS = 1_000_000;

/** Writes `count` events with ULIDs, the same every time, into a temporary folder. */
export async function writeIngestFiles(count: number): Promise<IngestFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-bench-'));
  const random = randomFrom(SEED, 0);
  const next = (): number => fraction(random());
  const events = Array.from({ length: count }, (_, i) => makeEvent(FIRST_MS + i * STEP_MS, next));
  const ordered = await writeBoth(join(folder, 'ordered'), events);
  for (let i = events.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const [a, b] = [events[i], events[j]];
    if (a !== undefined && b !== undefined) {
      [events[i], events[j]] = [b, a];
    }
  }
  const shuffled = await writeBoth(join(folder, 'shuffled'), events);
  return { ordered, shuffled, remove: () => rm(folder, { recursive: true }) };
}

interface MadeEvent {
  readonly json: string;
  readonly copy: string;
}

function makeEvent(occurredAt: number, next: () => number): MadeEvent {
  let id = '';
  for (let time = occurredAt, i = 0; i < 10; i++, time = Math.floor(time / 32)) {
    id = CROCKFORD[time % 32] + id;
  }
  for (let i = 0; i < 16; i++) {
    id += CROCKFORD[Math.floor(next() * 32)];
  }
  const isLike = next() < 0.85;
  const active = next() < 0.9;
  const viewerId = `v${Math.floor(next() * VIEWERS)}`;
  const creatorId = `c${Math.floor(next() ** 3 * CREATORS)}`; // few have most
  const contentId = isLike ? `k${Math.floor(next() * CONTENTS)}` : undefined;
  const type = `${active ? '' : 'un'}${isLike ? 'like' : 'follow'}`;
  const time = new Date(occurredAt).toISOString();
  return {
    json: JSON.stringify({ id, source: 'app', type, viewerId, creatorId, contentId, occurredAt: time }),
    copy: [id, 'app', viewerId, creatorId, contentId ?? '', active ? 't' : 'f', occurredAt].join('\t'),
  };
}

async function writeBoth(path: string, events: readonly MadeEvent[]): Promise<EventFiles> {
  const files = { ndjson: `${path}.ndjson`, copy: `${path}.copy` };
  await writeLines(files.ndjson, events, (event) => event.json);
  await writeLines(files.copy, events, (event) => event.copy);
  return files;
}

async function writeLines(
  path: string,
  events: readonly MadeEvent[],
  text: (event: MadeEvent) => string,
): Promise<void> {
  const file = await open(path, 'w');
  for (let i = 0; i < events.length; i += 10_000) {
    await file.write(
      `${events
        .slice(i, i + 10_000)
        .map(text)
        .join('\n')}\n`,
    );
  }
  await file.close();
}
