import { booksLiveSchema } from '@rewardbook/contracts/api/live/books';
import { ingestLiveSchema } from '@rewardbook/contracts/api/live/ingest';
import { useEffect } from 'react';
import { useStore } from '../api/store.ts';
import { LiveSource, type PartSchemas, type PartsOf, type Watched } from './live-source.ts';

/** A stream as a page shows it. */
export interface Live<Schemas extends PartSchemas> extends Watched<PartsOf<Schemas>> {
  retry(): void;
}

type BooksSchemas = typeof booksLiveSchema.shape;
type IngestSchemas = typeof ingestLiveSchema.shape;

// One for each program: all parts of a page share it.
const books = new Map<string, LiveSource<BooksSchemas>>();
const ingest = new Map<string, LiveSource<IngestSchemas>>();

function sourceOf<Schemas extends PartSchemas>(
  sources: Map<string, LiveSource<Schemas>>,
  program: string,
  make: () => LiveSource<Schemas>,
): LiveSource<Schemas> {
  const known = sources.get(program) ?? make();
  sources.set(program, known);
  return known;
}

function booksSource(program: string): LiveSource<BooksSchemas> {
  return sourceOf(books, program, () => new LiveSource('ledger', program, booksLiveSchema.shape));
}

/** What happens in the books of a program: closes, runs, approvals, verifications, queues. */
export function useLiveBooks(program: string): Live<BooksSchemas> {
  return useLive(booksSource(program), true);
}

/** What arrives for a program. @param isOn false: it stays unchanged */
export function useLiveIngest(program: string, isOn: boolean): Live<IngestSchemas> {
  return useLive(
    sourceOf(ingest, program, () => new LiveSource('events', program, ingestLiveSchema.shape)),
    isOn,
  );
}

function useLive<Schemas extends PartSchemas>(source: LiveSource<Schemas>, isOn: boolean): Live<Schemas> {
  const watched = useStore(source.store);
  useEffect(() => (isOn ? source.watch() : undefined), [source, isOn]);
  return { ...watched, retry: () => source.retry() };
}
