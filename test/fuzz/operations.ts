import { z } from 'zod';

/** As much of JSON Schema as the API's description uses. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A place of a request that is not its body. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export interface Operation {
  readonly method: string;
  /** `/v1/programs/{program}` */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** By media type. */
  readonly bodies: ReadonlyMap<string, JsonSchema>;
}

export interface Api {
  readonly operations: readonly Operation[];
  /** What a schema stands for, references followed. */
  resolve(schema: JsonSchema): JsonSchema;
}

const schemaSchema = z.record(z.string(), z.unknown());
const operationSchema = z.looseObject({
  parameters: z
    .array(
      z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema: schemaSchema }),
    )
    .default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaSchema.default({}) })) })
    .optional(),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema).default({}) }),
});

/** The operations of an OpenAPI document. */
export function readApi(document: unknown): Api {
  const { paths, components } = documentSchema.parse(document);
  const schemas = new Map(Object.entries(components.schemas));
  return {
    operations: Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters, requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        parameters,
        bodies: new Map(Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema])),
      })),
    ),
    resolve(schema) {
      const reference = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
      return reference === undefined ? schema : (schemas.get(reference) ?? {});
    },
  };
}
