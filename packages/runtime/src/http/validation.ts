import { someInside } from '@rewardbook/contracts/values/json-text';
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { AppError } from './errors.ts';
import { MAX_JSON_VALUES } from './limits.ts';

/** A validator of bodies that looks at their size first: a schema makes a note of each fault before anybody can count them. */
export function fewFaults(compiler: FastifySchemaCompiler<z.ZodType>): FastifySchemaCompiler<z.ZodType> {
  return (route) => {
    const validate = compiler(route);
    if (route.httpPart !== 'body') {
      return validate;
    }
    return (body: unknown) => {
      if (!hasMoreValues(body, MAX_JSON_VALUES)) {
        return validate(body);
      }
      return {
        error: new AppError('too-large', `The body has more than ${MAX_JSON_VALUES} values; send less at a time`),
      };
    };
  };
}

/** Whether a JSON value has more than `most` values in it, nested ones too. */
export function hasMoreValues(value: unknown, most: number): boolean {
  let count = 0;
  return someInside(value, (inside) => {
    count += Array.isArray(inside) ? inside.length : Object.keys(inside).length;
    return count > most;
  });
}
