import { z } from 'zod';
import { identifierSchema } from './identifier.ts';

export const listOrderSchema = z.enum(['asc', 'desc']);
export type ListOrder = z.output<typeof listOrderSchema>;

/** `sort` and `order` of a list that can be sorted; the first sort is the default. Equal rows stand by their id. */
export function sortShape<const Sorts extends readonly [string, ...string[]]>(sorts: Sorts) {
  return {
    sort: z
      .enum(sorts)
      .prefault(sorts[0])
      .describe('What the rows are sorted by; equal ones by their id, in the same direction'),
    order: listOrderSchema.default('asc'),
  };
}

/** Search by id, as lists have it. */
export const findShape = {
  find: identifierSchema.optional().describe('Only ids that contain this; letters of A to Z in either case'),
  prefix: identifierSchema.optional().describe('Only ids that begin with this'),
};

/** Where a list by id starts. */
export const fromSchema = identifierSchema
  .optional()
  .describe('Begins at this id, or at the next one if it is not there; only where the list is sorted by id');

/** What a list is written as: a file with every row of its filter, however many. */
export const listFormatSchema = z.enum(['csv', 'ndjson']).default('ndjson');
export type ListFormat = z.output<typeof listFormatSchema>;
