import { z } from 'zod';

const contentSchema = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()).optional() }));
const operationSchema = z.object({ responses: z.record(z.string(), z.object({ content: contentSchema.optional() })) });

/** What is read of a service's description of its API. */
export const apiSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

export type Api = z.output<typeof apiSchema>;

export interface GivenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/** What is wrong with an answer by the description of its API: its status, its Content-Type, its contents. */
export function answerFaults(api: Api, method: string, path: string, answer: GivenAnswer): string[] {
  const { status, body } = answer;
  const route = `${method} ${path} (${status})`;
  const responses = api.paths[path]?.[method.toLowerCase()]?.responses;
  const described = responses?.[String(status)] ?? (status >= 400 && status < 500 ? responses?.default : undefined);
  if (described === undefined) {
    return [`${route} is not described: ${body.slice(0, 300)}`];
  }
  const type = answer.contentType.split(';', 1)[0] ?? '';
  const media = described.content?.[type];
  if (media === undefined) {
    return [`${route} is "${type}"; described are ${Object.keys(described.content ?? {}).join(', ')}`];
  }
  if (!JSON_TYPE.test(type) || media.schema === undefined) {
    return [];
  }
  const text = JSON.stringify({ ...media.schema, $defs: api.components.schemas });
  const schema: z.core.JSONSchema.JSONSchema = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/'));
  const parsed = z.fromJSONSchema(schema).safeParse(JSON.parse(body));
  return parsed.success ? [] : [`${route}: ${z.prettifyError(parsed.error)}: ${body.slice(0, 300)}`];
}
