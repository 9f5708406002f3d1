import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { type RunRecord, runRecordSchema } from './worker/run-record.ts';

// Runs are a tester's own: what was sent is in the program's batches for everybody, how it was sent is of use where it was done. So they
// are kept in this browser, with their files, and no service has to store gigabytes of somebody's experiments.

const DATABASE = 'rewardbook-replay';
const RUNS = 'runs';
const FILES = 'files';

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(RUNS, { keyPath: 'id' });
      request.result.createObjectStore(FILES);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('This browser keeps nothing'));
  });
  return opened;
}

function resultOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser could not do it'));
  });
}

async function store(name: string, mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction(name, mode).objectStore(name);
}

/** Runs of a program, the newest first. One that another version wrote is left out. */
export async function listRuns(program: string): Promise<RunRecord[]> {
  const all: unknown[] = await resultOf((await store(RUNS, 'readonly')).getAll());
  return all
    .flatMap((value) => {
      const parsed = runRecordSchema.safeParse(value);
      return parsed.success && parsed.data.program === program ? [parsed.data] : [];
    })
    .sort((a, b) => compareUtf8(b.id, a.id)); // ids begin with the time
}

export async function readRun(id: string): Promise<RunRecord | null> {
  const parsed = runRecordSchema.safeParse(await resultOf((await store(RUNS, 'readonly')).get(id)));
  return parsed.success ? parsed.data : null;
}

export async function keepRun(run: RunRecord): Promise<void> {
  await resultOf((await store(RUNS, 'readwrite')).put(run));
}

export async function deleteRun(id: string): Promise<void> {
  await resultOf((await store(RUNS, 'readwrite')).delete(id));
  await resultOf((await store(FILES, 'readwrite')).delete(id));
}

/** Keeps the file of a run. @returns false where the browser has no room for it */
export async function keepFileOf(id: string, file: File): Promise<boolean> {
  try {
    await resultOf((await store(FILES, 'readwrite')).put(file, id));
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return false;
    }
    throw error;
  }
}

/** The file of a run; undefined where it was not kept. */
export async function fileOf(id: string): Promise<File | undefined> {
  const file: unknown = await resultOf((await store(FILES, 'readonly')).get(id));
  return file instanceof File ? file : undefined;
}
