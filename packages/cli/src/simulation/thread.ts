import { parentPort, workerData } from 'node:worker_threads';
import { LONG_LINE, readEventLine } from '@rewardbook/contracts/events/event-line';
import { eachLine } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { planSimulation } from '@rewardbook/simulate/closes/plan-simulation';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { RecordWriter, recordsOf } from './event-records.ts';
import { conflictRemark, FirstLines, type LineRemark, noLines, REMARKS_SHOWN, rejectionRemark } from './line-report.ts';
import type { Block, FromThread, ThreadData, ToThread } from './messages.ts';

// One thread of a simulation: it reads every nth block of the file for all threads, and owns its share of the viewers.

const port = parentPort;
if (port === null) {
  throw new Error('this is a thread of a simulation, not a program');
}
const { threads, number: self, program: options }: ThreadData = workerData;
const events = new AcceptedEvents();
const plan = planSimulation(options);
let answer: ReturnType<typeof plan.shard> | undefined;

const scanner = new EventScanner();

port.on('message', (message: ToThread) => {
  if (message.kind === 'scan') {
    scan(message.block);
  } else if (message.kind === 'gather') {
    gather(message);
  } else if (message.kind === 'accept') {
    accept();
  } else {
    answer ??= plan.shard(events);
    send({ kind: 'answer', answer: answer(message.question) });
  }
});

function send(message: FromThread): void {
  port?.postMessage(message);
}

function scan({ number: block, memory, size }: Block): void {
  const buffer = Buffer.from(memory.lines, 0, size);
  const writer = new RecordWriter(memory, threads);
  const counts = noLines();
  const remarks: LineRemark[] = [];
  const reject = (number: number, why: { readonly code: string; readonly message: string }): void => {
    counts.read += 1;
    counts.rejected += 1;
    if (remarks.length < REMARKS_SHOWN) {
      remarks.push(rejectionRemark(number, why));
    }
  };
  const lines = eachLine(buffer, {
    line(_block, from, end, number) {
      if (scanner.scan(buffer, from, end, Number.POSITIVE_INFINITY)) {
        writer.add(scanner, number);
      } else {
        const read = readEventLine(Buffer.from(buffer.subarray(from, end))); // a copy: shared memory is not decoded
        if (!read.ok) {
          return reject(number, read);
        }
        writer.addDecoded(read.event, from, number);
      }
      counts.read += 1;
    },
    longLine: (_head, number) => reject(number, LONG_LINE),
  });
  send({ kind: 'scanned', block, lines, records: writer.counts, counts, remarks });
}

function gather({ block, records, linesBefore }: Extract<ToThread, { kind: 'gather' }>): void {
  events.addLater(recordsOf(block.memory, self, records), linesBefore);
  send({ kind: 'gathered', block: block.number });
}

function accept(): void {
  const counts = noLines();
  const conflicts = new FirstLines(REMARKS_SHOWN);
  events.takeWaiting((line, acceptance) => {
    counts[acceptance] += 1;
    if (acceptance === 'conflict') {
      conflicts.add(line);
    }
  });
  send({ kind: 'accepted', counts, remarks: conflicts.lines.map(conflictRemark) });
}
