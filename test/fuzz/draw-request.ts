import { gzipSync } from 'node:zlib';
import type { Draw } from './draw.ts';
import { hostileText, hostileValue } from './hostile.ts';
import type { Api, JsonSchema, Operation, Parameter } from './operations.ts';

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
}

/** Values that get past schemas, by what they are called; others are of any of these kinds. */
const FITTING = new Map<string, readonly [string, ...string[]]>([
  ['program', ['fuzz', 'fuzz', 'fuzz', 'nobodys-program']],
  ['period', ['2024-05', '2024-06', '2024-07']],
  ['run', ['2024-05-1', '2024-05-2']],
  ['creator', ['ann', 'bob', '..', '宮本', 'nobody']],
  ['creatorId', ['ann', 'bob', '..', '宮本', 'nobody']],
  ['amount', ['1.00', '-1.00', '0.00', '100000.00']],
  ['executionDate', ['2999-01-01']],
  ['wait', ['0']],
]);
const KINDS: readonly [string, ...string[]] = [
  'fuzz',
  '2024-05',
  '1.00',
  'ann',
  '2024-05-31',
  '2024-05-31T00:00:00Z',
  '1',
  'ID',
  'a'.repeat(64),
];
const TYPES: readonly [string, ...string[]] = [
  'application/json',
  'text/csv',
  'application/x-ndjson',
  'text/plain',
  'application/xml',
  'x',
  '',
];
const BODIES: readonly [string, ...string[]] = [
  '',
  '{',
  'null',
  '[]',
  '"',
  '\ufeff{}',
  '{"a":1,"a":2}',
  '{"__proto__":{"kind":"clawback"}}',
  '['.repeat(50_000),
  '{"a":'.repeat(5_000),
  'creatorId,country\n"x',
  'reference,amount,date,currency\n,,,\n',
  '\u0000\u0001',
];

/** A request that an operation describes, with no, one or several hostile values. */
export function drawRequest(draw: Draw, api: Api, operation: Operation): Request {
  const [pathValues, queryValues] = ['path', 'query'].map((place) =>
    operation.parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => [parameter, drawParameter(draw, api, parameter)] as const),
  );
  let path = operation.path;
  for (const [{ name }, value] of pathValues ?? []) {
    path = path.replace(`{${name}}`, () => encoded(draw, value));
  }
  const query = (queryValues ?? []).filter(([{ required }]) => (required ? !draw.onceIn(15) : draw.onceIn(3)));
  const pairs = query.map(([{ name }, value]) => `${name}=${encoded(draw, value)}`);
  if (draw.onceIn(20)) {
    pairs.push(`${encoded(draw, hostileText(draw))}=${encoded(draw, hostileText(draw))}`);
  }
  const url = path + (pairs.length === 0 ? '' : `?${pairs.join('&')}`);
  const headers = drawHeaders(draw);
  return { method: operation.method, url, ...drawBody(draw, api, operation, headers) };
}

function drawParameter(draw: Draw, api: Api, { name, schema }: Parameter): string {
  if (draw.onceIn(6)) {
    return hostileText(draw);
  }
  const value = drawValue(draw, api, schema, name, 0);
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

/** As a client would; sometimes unencoded if an address can hold it, or as something that no text is encoded to. */
function encoded(draw: Draw, text: string): string {
  if (draw.onceIn(40)) {
    return draw.oneOf(['%', '%2', '%zz', '%ff', '%ed%a0%80', '%00', '%2f..%2f']);
  }
  if (draw.onceIn(10) && /^[!-~]+$/.test(text)) {
    return text.replaceAll(/[?#]/g, '');
  }
  return encodeURIComponent(Buffer.from(text).toString());
}

function drawHeaders(draw: Draw): Record<string, string> {
  if (!draw.onceIn(8)) {
    return {};
  }
  const value = hostileText(draw).replaceAll(/[^\t -~]/g, '?');
  return {
    [draw.oneOf(['accept', 'x-request-id', 'range', 'if-none-match', 'traceparent', 'idempotency-key'])]: value,
  };
}

function drawBody(
  draw: Draw,
  api: Api,
  { bodies, method }: Operation,
  given: Record<string, string>,
): Omit<Request, 'method' | 'url'> {
  const [first, ...rest] = bodies;
  if (first === undefined && (method === 'GET' || !draw.onceIn(6))) {
    return { headers: given };
  }
  const [type, schema] = first === undefined ? ['application/json', {}] : draw.oneOf([first, ...rest]);
  const headers: Record<string, string> = { ...given, 'content-type': draw.onceIn(15) ? draw.oneOf(TYPES) : type };
  if (draw.onceIn(12)) {
    return { headers, payload: draw.oneOf(BODIES) };
  }
  const value = type.includes('json') ? drawValue(draw, api, schema, '', 0) : draw.oneOf(BODIES);
  const text = typeof value === 'string' && !type.includes('json') ? value : JSON.stringify(value ?? null);
  if (draw.onceIn(25)) {
    return { headers, payload: text.slice(0, draw.below(text.length + 1)) };
  }
  if (draw.onceIn(25)) {
    return { headers: { ...headers, 'content-encoding': 'gzip' }, payload: draw.onceIn(2) ? gzipSync(text) : text };
  }
  return { headers, payload: text };
}

const MAX_DEPTH = 8;

/** @param name of the property or parameter */
function drawValue(draw: Draw, api: Api, unresolved: JsonSchema, name: string, depth: number): unknown {
  if (draw.onceIn(20) || depth > MAX_DEPTH) {
    return hostileValue(draw);
  }
  const schema = api.resolve(unresolved);
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices !== undefined) {
    return drawValue(draw, api, draw.oneOf([choices[0], ...choices]), name, depth + 1);
  }
  if ('const' in schema) {
    return schema.const;
  }
  if (Array.isArray(schema.enum)) {
    return draw.oneOf([schema.enum[0], ...schema.enum]);
  }
  switch (schema.type) {
    case 'object':
      return drawObject(draw, api, schema, depth);
    case 'array':
      return draw.many(3, () => drawValue(draw, api, isSchema(schema.items) ? schema.items : {}, name, depth + 1));
    case 'integer':
    case 'number':
      return draw.oneOf([0, 1, 2, 20, -1, 100_000, Number(schema.maximum ?? 5), Number(schema.minimum ?? 0)]);
    case 'boolean':
      return draw.onceIn(2);
    case 'null':
      return null;
    default:
      return draw.oneOf(FITTING.get(name) ?? KINDS);
  }
}

function drawObject(draw: Draw, api: Api, schema: JsonSchema, depth: number): unknown {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  const entries = properties
    .filter(([name]) => !draw.onceIn(required.includes(name) ? 30 : 2))
    .map(([name, part]): [string, unknown] => [
      name,
      drawValue(draw, api, isSchema(part) ? part : {}, name, depth + 1),
    ]);
  const more = isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
  if (more !== undefined) {
    const key = (): string => (draw.onceIn(5) ? hostileText(draw) : draw.oneOf(['2024-05', 'ID', 'program']));
    entries.push(...draw.many(2, (): [string, unknown] => [key(), drawValue(draw, api, more, '', depth + 1)]));
  }
  if (draw.onceIn(25)) {
    entries.push([hostileText(draw), hostileValue(draw)]);
  }
  return Object.fromEntries(entries);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
