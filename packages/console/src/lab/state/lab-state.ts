import type { Issue } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { queryClient } from '../../api/query-client.ts';
import { createStore, useStore } from '../../api/store.ts';
import { type LabSearch, labAddressSchema } from '../address/lab-search.ts';
import { fromLinked, toLinked } from '../address/linked-text.ts';
import { resolveSource, sourceKey } from '../source/resolve.ts';
import { askDesk } from '../worker/lab-client.ts';
import type { DeskProgress, OpenedEvents } from '../worker/messages.ts';
import { documentOf, isObject, type PolicyDocument, parseDocument, patchBetween, patched } from './policy-document.ts';

export type Side = 'a' | 'b';

/** A policy that is being edited. */
export interface EditedPolicy {
  readonly document: PolicyDocument;
  /** The policy; where the document has faults, the last one without. */
  readonly policy: Policy;
  readonly issues: readonly Issue[];
}

export interface OpenLab {
  readonly opened: OpenedEvents;
  readonly search: LabSearch;
  readonly a: EditedPolicy;
  readonly b: EditedPolicy;
  edit(side: Side, document: PolicyDocument): void;
}

/** How far the events are read; null: nothing is being read. */
const reading = createStore<DeskProgress | null>(null);

/** The address follows what is edited after this pause, so that a slider that is dragged does not fill the history. */
const LINK_PAUSE_MS = 300;

const LabContext = createContext<OpenLab | null>(null);
export const LabProvider = LabContext.Provider;

/** The events and policies of the lab's pages. */
export function useLab(): OpenLab {
  const lab = useContext(LabContext);
  if (lab === null) {
    throw new Error('a page of the lab stands in its frame');
  }
  return lab;
}

/** The events that the address names, read into the worker once. */
export function useOpenedEvents(search: LabSearch) {
  const key = sourceKey(search);
  return useQuery({
    queryKey: ['lab', 'open', key],
    enabled: key !== undefined,
    queryFn: async ({ signal }): Promise<OpenedEvents> => {
      // The worker holds the events of one source.
      queryClient.removeQueries({ queryKey: ['lab', 'open'], predicate: ({ queryKey }) => queryKey[2] !== key });
      const source = await resolveSource(search);
      try {
        return await askDesk({ ask: 'open', source }, { signal, onProgress: (progress) => reading.set(progress) });
      } finally {
        reading.set(null);
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function useReading(): DeskProgress | null {
  return useStore(reading);
}

interface Documents {
  readonly a: PolicyDocument;
  readonly b: PolicyDocument;
}

interface Edited extends Documents {
  /** What the address has of them; undefined: not yet. */
  readonly linked: { readonly a: string | undefined; readonly b: string | undefined } | undefined;
}

/** Both policies: from the address, and while they are edited from memory. */
export function usePolicies(opened: OpenedEvents | undefined, search: LabSearch) {
  const navigate = useNavigate();
  const base = useMemo(() => (opened === undefined ? undefined : documentOf(opened.policy)), [opened]);
  const fromAddress = useQuery({
    queryKey: ['lab', 'policies', base, search.a ?? '', search.b ?? ''],
    enabled: base !== undefined,
    queryFn: async (): Promise<Documents> => {
      const a = patched(base ?? {}, await patchOf(search.a));
      return { a, b: patched(a, await patchOf(search.b)) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const [edited, setEdited] = useState<Edited | undefined>(undefined);
  const { a: linkedA, b: linkedB } = search;
  useEffect(() => {
    // Another link was followed, or the person went back.
    setEdited((now) =>
      now?.linked !== undefined && (now.linked.a !== linkedA || now.linked.b !== linkedB) ? undefined : now,
    );
  }, [linkedA, linkedB]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const documents = edited ?? fromAddress.data;
  const edit = useCallback(
    (side: Side, document: PolicyDocument) => {
      if (base === undefined || documents === undefined) {
        return;
      }
      // The candidate stays what it is where the baseline is changed.
      const next = { a: documents.a, b: documents.b, [side]: document };
      setEdited({ ...next, linked: undefined });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        void linksOf(base, next).then((linked) => {
          setEdited((now) => (now?.a === next.a && now.b === next.b ? { ...now, linked } : now));
          return navigate({ to: '.', search: (before) => ({ ...before, ...linked }), replace: true });
        });
      }, LINK_PAUSE_MS);
    },
    [base, documents, navigate],
  );
  return { documents, edit, error: fromAddress.error };
}

async function patchOf(linked: string | undefined): Promise<PolicyDocument> {
  if (linked === undefined) {
    return {};
  }
  const value: unknown = JSON.parse(await fromLinked(linked));
  if (!isObject(value)) {
    throw new Error('This link is damaged: its policy cannot be read');
  }
  return value;
}

async function linksOf(base: PolicyDocument, { a, b }: Documents) {
  return { a: await linkOf(patchBetween(base, a)), b: await linkOf(patchBetween(a, b)) };
}

async function linkOf(patch: PolicyDocument | undefined): Promise<string | undefined> {
  return patch === undefined ? undefined : toLinked(JSON.stringify(patch));
}

/** A document with its policy and faults. */
export function useEdited(
  document: PolicyDocument | undefined,
  otherwise: Policy | undefined,
): EditedPolicy | undefined {
  const last = useRef<Policy | undefined>(undefined);
  return useMemo(() => {
    if (document === undefined || otherwise === undefined) {
      return undefined;
    }
    const parsed = parseDocument(document);
    const kept = parsed.ok ? kindFault(parsed.value, otherwise) : undefined;
    if (parsed.ok && kept === undefined) {
      last.current = parsed.value;
      return { document, policy: parsed.value, issues: [] };
    }
    return {
      document,
      policy: last.current ?? otherwise,
      issues: parsed.ok ? (kept ?? []) : parsed.issues,
    };
  }, [document, otherwise]);
}

/** Events of one program cannot be tried as those of another kind. */
function kindFault(policy: Policy, of: Policy): Issue[] | undefined {
  const faults = (['currency', 'timeZone', 'period'] as const)
    .filter((key) => policy[key] !== of[key])
    .map((path) => ({ path, message: `stays ${of[path]}: these events are of a program with it` }));
  return faults.length === 0 ? undefined : faults;
}

/** The address, read: around the pages it is still as it was written, all of it texts. */
export function useLabSearch(): LabSearch {
  const written = useSearch({ strict: false });
  return useMemo(() => labAddressSchema.parse(written), [written]);
}
