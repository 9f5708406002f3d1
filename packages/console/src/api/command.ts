import { type ApprovalNeeded, approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import { type MutateOptions, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { z } from 'zod';
import { type ApiCall, askJson } from './client.ts';
import { ApiProblem } from './problems.ts';

/** A change of the books, how far it is, and what came of it. */
export interface Command<Input, Output>
  extends Pick<
    UseMutationResult<Output, Error, Input>,
    'data' | 'error' | 'isError' | 'isIdle' | 'isPending' | 'reset'
  > {
  mutate(input: Input, options?: MutateOptions<Output, Error, Input>): void;
}

/**
 * Something that changes the books: what is shown is read again once it is done. While one is under way another is not sent, however
 * fast somebody presses: the page learns a moment later that it is busy.
 */
export function useCommand<Input, Schema extends z.ZodType>(
  toCall: (input: Input) => ApiCall,
  schema: Schema,
): Command<Input, z.output<Schema>> {
  const queryClient = useQueryClient();
  const isUnderWay = useRef(false);
  const command = useMutation<z.output<Schema>, Error, Input>({
    mutationFn: (input) => askJson(toCall(input), schema),
    onSettled: async () => {
      isUnderWay.current = false;
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  const { mutate } = command;
  const mutateOnce = useCallback(
    (input: Input, options: MutateOptions<z.output<Schema>, Error, Input> = {}) => {
      if (!isUnderWay.current) {
        isUnderWay.current = true;
        mutate(input, options);
      }
    },
    [mutate],
  );
  const { data, error, isError, isIdle, isPending, reset } = command;
  return { data, error, isError, isIdle, isPending, reset, mutate: mutateOnce };
}

/** An answer that may say instead that a second person has to approve first. */
export function orApproval<Schema extends z.ZodType>(schema: Schema) {
  return z.union([approvalNeededSchema, schema]);
}

export function isApprovalNeeded(answer: unknown): answer is ApprovalNeeded {
  return typeof answer === 'object' && answer !== null && 'approval' in answer;
}

/** What a service found wrong with a field of what was sent. */
export function faultOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) {
    return undefined;
  }
  return error.fields.find(({ path }) => path === field || path.endsWith(`.${field}`))?.message;
}

/** Whether a service named fields: then the message is said there, and not once more below the form. */
export function namesFields(error: Error | null, fields: readonly string[]): boolean {
  return fields.some((field) => faultOf(error, field) !== undefined);
}
