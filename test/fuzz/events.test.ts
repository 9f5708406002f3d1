import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { PROGRAM, startTestService, type TestService } from '../../services/engagement-events/src/test-service.ts';
import { Draw } from './draw.ts';
import { drawLine } from './draw-event.ts';
import { isEvent } from './strict-event.ts';

// Lines that are events but for something, judged by the service and by a validator that knows only the contract. FUZZ_EVENTS and FUZZ_SEED
// run it longer, or draw others.
const EVENTS = Number(process.env.FUZZ_EVENTS ?? 5_000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const LINES_PER_BODY = 250;
const NOW = Date.parse('2026-01-01T00:00:00Z');

let service: TestService;
let writer: { authorization: string };

beforeAll(async () => {
  // Load on the machine is not a reason to put requests off here.
  service = await startTestService({ now: () => NOW, limits: { loopDelayMs: 60_000, slowStatementMs: 60_000 } });
  writer = await service.keyWith('events:write');
});
afterAll(() => service?.stop());

const answerSchema = z.looseObject({
  accepted: z.int(),
  rejected: z.int(),
  conflicts: z.int(),
  duplicates: z.int(),
  refused: z.array(z.looseObject({ index: z.int(), code: z.string() })),
});

async function send(payload: string, type: string) {
  const headers = { ...writer, 'content-type': type };
  return await service.app.inject({ method: 'POST', url: `/v1/programs/${PROGRAM}/events`, headers, payload });
}

it('takes what the contract takes, and refuses all else, as lines and one by one', { timeout: 600_000 }, async () => {
  const draw = new Draw(SEED);
  const seen = { taken: 0, refused: 0 };
  for (let first = 0; first < EVENTS; first += LINES_PER_BODY) {
    const lines = Array.from({ length: LINES_PER_BODY }, (_, index) => drawLine(draw, first + index));
    const answer = await send(lines.join('\n'), 'application/x-ndjson');
    expect(answer.statusCode, answer.body).toBe(200);
    const { refused } = answerSchema.parse(answer.json());
    const wrong = new Set(refused.filter(({ code }) => code !== 'conflict').map(({ index }) => index));
    const sent = lines.filter((line) => line.trim() !== '');
    const differing = sent.filter((line, index) => isEvent(line, NOW) === wrong.has(index));
    expect(differing, `of lines ${first} to ${first + LINES_PER_BODY}, FUZZ_SEED ${SEED}`).toEqual([]);
    seen.taken += sent.length - wrong.size;
    seen.refused += wrong.size;
    const one = draw.oneOf([sent[0] ?? '', ...sent]);
    const { statusCode } = await send(one, 'application/json');
    // A body may be longer than a line.
    if (one.length < 16_000) {
      expect([200, 409].includes(statusCode), `${statusCode} to ${one}`).toBe(isEvent(one, NOW));
    }
  }
  // Draws that are all refused, or all taken, test nothing.
  for (const count of Object.values(seen)) {
    expect(count).toBeGreaterThan(EVENTS / 10);
  }
});
