import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@rewardbook/db/client';
import { startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import { loginsOf, provision } from '@rewardbook/local/provision';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const INFRA = fileURLToPath(new URL('../../infra/', import.meta.url));
const SERVICES = ['engagement-events', 'ledger', 'payout-reports'];

/** The documents of a file, read as strictly as YAML 1.2 is written: a repeated key is an error. */
function documents(path: string): unknown[] {
  return parseAllDocuments(readFileSync(join(INFRA, path), 'utf8'), {
    uniqueKeys: true,
    strict: true,
    merge: true,
  }).map((document) => {
    expect([path, ...document.errors, ...document.warnings]).toEqual([path]);
    return document.toJS();
  });
}

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({ environment: z.record(z.string(), z.string()).optional(), ports: z.array(z.string()).optional() }),
  ),
});

describe('infra/compose', () => {
  const { services } = composeSchema.parse(documents('compose/compose.yaml')[0]);

  it('needs only variables that make-env.sh writes, each once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rewardbook-compose-'));
    cpSync(join(INFRA, 'compose/make-env.sh'), join(folder, 'make-env.sh'));
    execFileSync(join(folder, 'make-env.sh'));
    const names = readFileSync(join(folder, '.env'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    rmSync(folder, { recursive: true });
    expect(new Set(names).size).toBe(names.length);
    const text = readFileSync(join(INFRA, 'compose/compose.yaml'), 'utf8');
    const asked = [...text.matchAll(/\$\{(\w+)(:-)?/g)].filter(([, , isOptional]) => isOptional === undefined);
    for (const [, name] of asked) {
      expect(names).toContain(name);
    }
  });

  it('gives each service its own login, Redis a password, and opens ports to this machine only', () => {
    const users = SERVICES.map(
      (name) => /postgres:\/\/(\w+):/.exec(services[name]?.environment?.DATABASE_URL ?? '')?.[1],
    );
    expect(users).toEqual(['events', 'ledger', 'reports']);
    for (const name of SERVICES) {
      expect(services[name]?.environment?.REDIS_URL).toMatch(/^redis:\/\/:\$\{REDIS_PASSWORD/);
    }
    expect(readFileSync(join(INFRA, 'compose/compose.yaml'), 'utf8')).toMatch(/requirepass \$\{REDIS_PASSWORD/);
    for (const { ports = [] } of Object.values(services)) {
      for (const port of ports) {
        expect(port).toMatch(/^127\.0\.0\.1:/);
      }
    }
  });

  it('gives the console neither the database nor the queue, and the services’ addresses', () => {
    const { environment = {} } = services.console ?? {};
    expect(JSON.stringify(environment)).not.toMatch(/DATABASE|REDIS|postgres:/);
    for (const [name, variable] of [
      ['engagement-events', 'EVENTS_URL'],
      ['ledger', 'LEDGER_URL'],
      ['payout-reports', 'REPORTS_URL'],
    ] as const) {
      expect(environment[variable]).toBe(`http://${name}:${services[name]?.environment?.PORT}`);
    }
    expect(environment.SESSION_SECRET).toMatch(/^\$\{CONSOLE_SESSION_SECRET/);
  });

  it('installs every package of the repository in its image', () => {
    const dockerfile = readFileSync(join(INFRA, 'compose/Dockerfile'), 'utf8');
    for (const folder of ['packages', 'services']) {
      for (const name of readdirSync(join(INFRA, '..', folder))) {
        expect(dockerfile).toContain(`COPY ${folder}/${name}/package.json ${folder}/${name}/\n`);
      }
    }
  });

  it('has an owner who is not a superuser, and who can provision', async () => {
    const server = await startEmbeddedPostgres({ durable: false });
    try {
      const script = readFileSync(join(INFRA, 'compose/make-owner.sh'), 'utf8');
      const sql = /<<'SQL'\n(.*?)\nSQL/s
        .exec(script)?.[1]
        ?.replace(/^\\getenv.*$/m, '')
        .replace(":'password'", "'of a test'");
      const superuser = connect(server.url, { max: 1 });
      for (const statement of (sql ?? '').split(';')) {
        if (statement.trim() !== '') {
          await superuser.unsafe(statement);
        }
      }
      const [owner] = await superuser`SELECT rolsuper, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = 'owner'`;
      expect(owner).toEqual({ rolsuper: false, rolcreatedb: false, rolbypassrls: false });
      await superuser.end();
      const url = new URL(server.url);
      url.username = 'owner';
      url.password = encodeURIComponent('of a test');
      url.pathname = '/rewardbook';
      const urls = await provision(url.href, loginsOf('compose'));
      const events = connect(urls.events, { max: 1 });
      expect(await events`SELECT count(*)::integer AS count FROM program`).toEqual([{ count: 0 }]);
      await events.end();
    } finally {
      await server.stop();
    }
  }, 60_000);
});

const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({}).optional(),
});
const kustomizationSchema = z.looseObject({ resources: z.array(z.string()) });

describe('infra/k8s', () => {
  const { resources } = kustomizationSchema.parse(documents('k8s/kustomization.yaml')[0]);
  const manifests = resources.flatMap((file) => documents(`k8s/${file}`)).map((each) => manifestSchema.parse(each));

  it('names each resource once', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('allows only the traffic that a policy names, and requests to every service', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.find(({ metadata }) => metadata.name === 'nothing')?.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const requests = JSON.stringify(policies.find(({ metadata }) => metadata.name === 'requests')?.spec);
    for (const { kind, metadata } of manifests) {
      if (kind === 'Deployment') {
        expect(requests).toContain(`"${metadata.name}"`);
      }
    }
    expect(requests).toContain('namespaceSelector');
  });

  it('lets the console ask the services at their ports, and nothing else', () => {
    const specOf = (kind: string, name: string): string =>
      JSON.stringify(manifests.find((each) => each.kind === kind && each.metadata.name === name)?.spec);
    const egress = specOf('NetworkPolicy', 'console-to-services');
    const addresses = specOf('Deployment', 'console');
    for (const [name, port] of [
      ['engagement-events', 4101],
      ['ledger', 4102],
      ['payout-reports', 4103],
    ] as const) {
      expect(addresses).toContain(`"http://${name}:${port}"`);
      expect(egress).toContain(`"port":${port}`);
      expect(specOf('Service', name)).toContain(`"port":${port}`);
      expect(specOf('NetworkPolicy', 'requests-of-console')).toContain(`"${name}"`);
    }
    expect(egress).not.toMatch(/5432|6379/);
    expect(specOf('NetworkPolicy', 'names-database-and-queue')).toContain('"operator":"NotIn","values":["console"]');
    expect(addresses).not.toMatch(/"secretRef":\{"name":"rewardbook"|DATABASE|REDIS/);
  });
});
