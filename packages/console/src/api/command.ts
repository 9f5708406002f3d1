import { type ApprovalNeeded, approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { type ApiCall, askJson } from './client.ts';
import { ApiProblem } from './problems.ts';

/** Something that changes the books: what is shown is read again once it is done. */
export function useCommand<Input, Schema extends z.ZodType>(
  toCall: (input: Input) => ApiCall,
  schema: Schema,
): UseMutationResult<z.output<Schema>, Error, Input> {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => askJson(toCall(input), schema),
    onSettled: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
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
