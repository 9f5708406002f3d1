import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { PROBLEM, problemSchema } from '@rewardbook/contracts/values/problem';
import type { FastifySchema } from 'fastify';
import plugin from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { DOCS_CSP } from './http/security-headers.ts';

const PROBLEM_REF = { $ref: `#/components/schemas/${problemSchema.meta()?.id}` };

export interface OpenApiOptions {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** Every route may answer with a problem, of whatever status of 4xx and 5xx. */
function withProblem<Transformed extends { schema: FastifySchema }>({ schema, ...route }: Transformed) {
  const response = typeof schema.response === 'object' && schema.response !== null ? schema.response : {};
  const problem = { description: 'A problem (RFC 9457)', content: { [PROBLEM]: { schema: PROBLEM_REF } } };
  return {
    ...route,
    schema: schema.hide === true ? schema : { ...schema, response: { ...response, default: problem } },
  };
}

/** `/openapi.json`, made from the routes' zod schemas, and `/docs`, a page to try it. Must be registered before the routes. */
export const openApi = plugin<OpenApiOptions>(
  async (app, { title, description, version }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title, description, version },
        components: {
          securitySchemes: {
            apiKey: {
              type: 'http',
              scheme: 'bearer',
              description: 'An API key, rb_…; each route says which scope it needs',
            },
          },
        },
      },
      transform: (route) => withProblem(jsonSchemaTransform(route)),
      transformObject: jsonSchemaTransformObject,
    });
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_CSP });
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  },
  { name: 'openapi', fastify: '5.x', dependencies: ['problems'] },
);
