import { useCallback, useEffect, useRef, useState } from 'react';
import { askDesk } from './worker/lab-client.ts';
import type { DeskProgress, DeskQuestion } from './worker/messages.ts';

export interface LongAnswer {
  /** JSON, as the command line prints it; of the question that was asked last. */
  readonly answer: unknown;
  readonly asked: DeskQuestion | undefined;
  readonly progress: DeskProgress | null;
  readonly isRunning: boolean;
  readonly error: Error | null;
  ask(question: DeskQuestion): void;
  cancel(): void;
}

/** An answer that takes a while: it is asked for, shows how far it is, and can be ended. */
export function useAnswer(): LongAnswer {
  const [state, setState] = useState<Omit<LongAnswer, 'ask' | 'cancel'>>({
    ...{ answer: undefined, asked: undefined, progress: null, isRunning: false, error: null },
  });
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const ask = useCallback((question: DeskQuestion) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState((before) => ({ ...before, progress: null, isRunning: true, error: null }));
    const isLatest = (): boolean => running.current === controller;
    askDesk(
      { ask: 'answer', question, format: 'json' },
      {
        signal: controller.signal,
        onProgress: (progress) => {
          if (isLatest()) {
            setState((before) => ({ ...before, progress }));
          }
        },
      },
    )
      .then(async (blob): Promise<unknown> => JSON.parse(await blob.text()))
      .then(
        (answer) => {
          if (isLatest()) {
            setState({ answer, asked: question, progress: null, isRunning: false, error: null });
          }
        },
        (error: Error) => {
          if (isLatest()) {
            setState((before) => ({ ...before, isRunning: false, error: controller.signal.aborted ? null : error }));
          }
        },
      );
  }, []);
  const cancel = useCallback(() => {
    running.current?.abort();
  }, []);
  return { ...state, ask, cancel };
}
