import { parentPort, workerData } from 'node:worker_threads';
import { EventScanner } from '@rewardbook/contracts/event-scanner';
import { AcceptedEvents } from '@rewardbook/simulate/accepted-events';
import { hashOf, mix } from '@rewardbook/simulate/columns/hash';
import { program } from '@rewardbook/simulate/program';
import { type EventRecords, RecordReader, RecordWriter } from './event-records.ts';
import { eachLine } from './line-blocks.ts';
import { conflictRemark, type LineRemark, noLines, REMARKS_SHOWN } from './line-report.ts';
import type { Block, FromThread, ThreadData, ToThread } from './messages.ts';
import { parseLine } from './parse-line.ts';

// One thread of a simulation: it reads every so manyth block of the file for all, and has its share of the viewers for itself.

const port = parentPort;
if (port === null) throw new Error('this is a thread of a simulation, not a program');
const { threads, expected, program: options }: ThreadData = workerData;
const events = new AcceptedEvents();
if (expected > 0) events.expect(Math.ceil(expected / threads));
const made = program(options);
let answer: ReturnType<typeof made.shard> | undefined;

const SHARDING = 0x9e3779b9;
const scanner = new EventScanner();
const writers = Array.from({ length: threads }, () => new RecordWriter());

port.on('message', (message: ToThread) => {
  if (message.kind === 'scan') scan(message.block);
  else if (message.kind === 'take') take(message.block, message.records);
  else {
    answer ??= made.shard(events);
    send({ kind: 'answer', answer: answer(message.question) });
  }
});

function send(message: FromThread): void {
  port?.postMessage(message);
}

function scan({ number: block, bytes }: Block): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const counts = noLines();
  const remarks: LineRemark[] = [];
  const lines = eachLine(buffer, (from, end, number) => {
    counts.read += 1;
    if (scanner.scan(buffer, from, end, Number.POSITIVE_INFINITY)) {
      writerOf(hashOf(buffer, scanner.viewerFrom, scanner.viewerEnd))?.addScanned(scanner, number);
      return;
    }
    const parsed = parseLine(Buffer.from(buffer.subarray(from, end))); // a copy: shared memory is not decoded
    if (parsed.ok) {
      const viewer = Buffer.from(parsed.event.viewerId);
      writerOf(hashOf(viewer, 0, viewer.length))?.addAside(parsed.event, number);
      return;
    }
    counts.rejected += 1;
    const text = `${parsed.code}: ${parsed.message}`;
    if (remarks.length < REMARKS_SHOWN) remarks.push({ number, kind: 'rejected', text });
  });
  const records = writers.map((writer) => writer.take());
  send({ kind: 'scanned', block, lines, counts, remarks, records });
}

/** The thread that has a viewer. Mixed again: a bit that is the same in all of a thread's hashes would leave half of its tables empty, and the rest full. */
function writerOf(hash: number): RecordWriter | undefined {
  return writers[(mix(hash ^ SHARDING) >>> 0) % threads];
}

function take({ number: block, bytes }: Block, records: EventRecords): void {
  const counts = noLines();
  const remarks: LineRemark[] = [];
  const record = new RecordReader(records, bytes);
  events.addEach(record, (acceptance) => {
    counts[acceptance] += 1;
    if (acceptance === 'conflict' && remarks.length < REMARKS_SHOWN) remarks.push(conflictRemark(record.line));
  });
  send({ kind: 'taken', block, counts, remarks });
}
