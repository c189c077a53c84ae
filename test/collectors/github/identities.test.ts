import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collected } from '../../../src/collectors/contract.ts';
import github from '../../../src/collectors/github/index.ts';
import type { Identity } from '../../../src/model/identity.ts';
import { buildAcme } from './acme.ts';
import { contextFor } from './context.ts';
import { FakeGithub } from './fake-github.ts';

const acme = buildAcme();
const fake = new FakeGithub(acme.answers);
let items: Collected[] = [];

async function collect(value: string): Promise<Collected[]> {
  const collected: Collected[] = [];
  const address = { scheme: 'github', value, text: `github:${value}` };
  for await (const item of github.collect(contextFor(fake), address)) collected.push(item);
  return collected;
}

function identity(id: string): Identity {
  const found = items.find((item) => item.kind === 'identity' && item.identity.id === id);
  if (found?.kind !== 'identity') throw new Error(`no identity ${id}`);
  return found.identity;
}

function facts(id: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(identity(id).attributes).map(([name, one]) => [name, one.value]));
}

function edges(id: string): string[] {
  const own = items.flatMap((item) => (item.kind === 'edge' && item.edge.from === id ? [item.edge] : []));
  return own.map((edge) => `${edge.reversed === true ? '<' : '>'} ${edge.kind} ${edge.toKey.kind} ${edge.toKey.value}`);
}

beforeAll(async () => {
  await fake.start();
  items = await collect('acme');
});
beforeEach(() => expect(fake.problems).toEqual([]));
afterAll(() => fake.stop());

describe('identities of an organisation', () => {
  it('reads everything without a gap and with GET only', () => {
    expect(items.filter((item) => item.kind === 'gap')).toEqual([]);
    expect(new Set(fake.asked.map((one) => one.method))).toEqual(new Set(['GET']));
  });

  it('tells what an app can do, to how much, and whose it is', () => {
    const shipper = 'github:app-installation:acme:shipper';
    expect(facts(shipper)).toMatchObject({
      permissions: ['contents:write', 'metadata:read', 'workflows:write'],
      privilegeTier: 1,
      tierReasons: [
        'contents:write + workflows:write on acme/* (installation of shipper, GET /orgs/{org}/installations)',
        'contents:write on acme/* (installation of shipper, GET /orgs/{org}/installations)',
        'workflows:write on acme/* (installation of shipper, GET /orgs/{org}/installations)',
      ],
      repositorySelection: 'all',
      resourceScope: 'all',
      thirdParty: 'vendor-inc',
      status: 'active',
      appId: '131',
    });
    expect(identity(shipper).keys).toEqual([
      { kind: 'github-app-id', value: '131' },
      { kind: 'github-app-slug', value: 'shipper' },
    ]);
    expect(edges(shipper)).toEqual(['> installed-on identity github:organisation:acme']);
    expect(facts('github:app-installation:acme:own-bot')).toMatchObject({
      privilegeTier: 0,
      thirdParty: false,
      status: 'suspended',
      suspendedAt: '2025-06-30T08:15:00Z',
    });
    // A private app answers 404: whose it is stays unknown.
    expect(facts('github:app-installation:acme:reader')).not.toHaveProperty('thirdParty');
    expect(facts('github:app-installation:acme:reader')).toMatchObject({ privilegeTier: 4 });
  });

  it('tells keys apart by kind, size, access and use', () => {
    const key = identity('github:deploy-key:acme/app:81');
    expect(facts(key.id)).toMatchObject({
      readOnly: false,
      keyType: 'ed25519',
      keyBits: 256,
      addedBy: 'gone-gwen',
      lastUsedAt: '2025-06-30T08:15:00Z',
      privilegeTier: 2,
    });
    expect(key.keys[0]?.value).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(edges(key.id)).toEqual([
      '> installed-on identity github:repo:acme/app',
      '< created identity person:github:gone-gwen',
    ]);
    const old = facts('github:deploy-key:acme/app:82');
    expect(old).toMatchObject({ keyType: 'rsa', keyBits: 1024, readOnly: true, privilegeTier: 3 });
    expect(old).not.toHaveProperty('lastUsedAt');
    expect(old).toMatchObject({ neverUsed: true, archived: false });
    expect(old).not.toHaveProperty('addedBy');
  });

  it('gives a deploy key and the same authorised key one fingerprint', () => {
    const deploy = identity('github:deploy-key:acme/app:81').keys;
    expect(identity('github:authorised-credential:acme:602')).toMatchObject({ type: 'ssh_key', keys: deploy });
  });

  it('keeps scheme and host of a webhook and whether a credential stood in its URL', () => {
    expect(facts('github:webhook:acme:71')).toMatchObject({
      url: 'https://hooks.chat.example',
      hasSecret: false,
      insecureSsl: false,
      urlHasCredential: false,
      plainHttp: false,
      events: ['*'],
      authMethod: 'none',
    });
    expect(facts('github:webhook:acme:72')).toMatchObject({
      url: 'http://tickets.example:8080',
      hasSecret: true,
      insecureSsl: true,
      urlHasCredential: true,
      plainHttp: true,
    });
    expect(facts('github:webhook:acme/app:91')).toMatchObject({ urlHasCredential: true, insecureSsl: false });
    expect(identity('github:webhook:acme/app:91').keys).toEqual([{ kind: 'host', value: 'ci.example' }]);
  });

  it('describes secrets at their level', () => {
    expect(facts('github:secret:acme:NPM_TOKEN')).toMatchObject({ level: 'organisation', visibility: 'all' });
    expect(facts('github:secret:acme:AWS_SECRET_ACCESS_KEY')).toMatchObject({
      visibility: 'selected',
      selectedRepositories: 1,
      selectedRepositoryNames: ['acme/infra'],
    });
    expect(identity('github:secret:acme/app:DEPLOY_KEY').keys).toEqual([
      { kind: 'github-secret', value: 'acme/app:DEPLOY_KEY' },
    ]);
    expect(facts('github:secret:acme/app/production:PROD_DB_PASSWORD')).toMatchObject({
      level: 'environment',
      environment: 'production',
      environmentProtected: true,
    });
    expect(facts('github:secret:acme/app/dev/eu 🚀:DEV_KEY')).toMatchObject({
      environment: 'development',
      environmentProtected: false,
    });
    expect(identity('github:dependabot-secret:acme/app:REGISTRY_TOKEN').type).toBe('dependabot_secret');
    expect(facts('github:secret:acme/app:DEPLOY_KEY')).not.toHaveProperty('lastRotatedAt');
  });

  it('knows that all secrets of a repository are known, without asking for the shared ones again', () => {
    expect(facts('github:repo:acme/app')).toMatchObject({
      secretsComplete: true,
      visibility: 'public',
      exposure: 'public',
      oidcUseDefault: false,
      oidcClaimKeys: ['repository_owner'],
    });
    expect(facts('github:deploy-key:acme/legacy:83')).toMatchObject({ archived: true, status: 'disabled' });
    expect(facts('github:deploy-key:acme/legacy:83')).not.toHaveProperty('neverUsed');
    expect(facts('github:secret:acme:NPM_TOKEN')).not.toHaveProperty('archived');
    expect(facts('github:repo:acme/legacy')).toMatchObject({ archived: true, exposure: 'organisation' });
    expect(fake.asked.filter((one) => one.path.endsWith('/organization-secrets'))).toEqual([]);
  });

  it('describes the defaults of GITHUB_TOKEN', () => {
    expect(facts('github:token-policy:acme')).toMatchObject({
      defaultPermissions: 'write',
      canApprovePullRequests: true,
      privilegeTier: 1,
      actionsEnabled: true,
      allowedActions: 'all',
    });
    expect(facts('github:token-policy:acme/infra')).toMatchObject({ defaultPermissions: 'read', privilegeTier: 3 });
  });

  it('describes runners with what their group allows', () => {
    expect(facts('github:runner:acme:401')).toMatchObject({
      ephemeral: false,
      online: true,
      allowsPublicRepositories: true,
      runnerGroup: 'Default',
    });
    expect(facts('github:runner:acme/app:402')).not.toHaveProperty('allowsPublicRepositories');
  });

  it('tells people who are there, people who left, and machines', () => {
    expect(facts('person:github:ada')).toMatchObject({ status: 'active', role: 'admin', privilegeTier: 0 });
    expect(facts('person:github:grace')).toMatchObject({ status: 'active', role: 'member' });
    expect(facts('person:github:linus')).toMatchObject({ status: 'active', role: 'outside' });
    expect(facts('person:github:gone-gwen')).toEqual({ status: 'gone' });
    expect(identity('github:user:acme-ci')).toMatchObject({ type: 'machine_user', name: 'acme-ci' });
    expect(facts('github:user:acme-ci')).toMatchObject({ basis: 'name' });
  });

  it('describes tokens of people', () => {
    expect(facts('github:pat:acme:501')).toMatchObject({
      permissions: ['contents:write', 'organization_secrets:write'],
      // Whoever writes a secret replaces it, and never reads it.
      privilegeTier: 1,
      credentialActions: ['organization_secrets:write'],
      expiresAt: 'never',
      createdBy: 'gone-gwen',
    });
    expect(edges('github:pat:acme:501')).toContain('< owns identity person:github:gone-gwen');
    expect(identity('github:authorised-credential:acme:601')).toMatchObject({ type: 'pat_classic', name: 'laptop' });
    expect(JSON.stringify(items.filter((item) => item.kind !== 'artifact'))).not.toContain('12345678');
  });

  it('gives variables as text for the secret rules', () => {
    const texts = items.flatMap((item) => (item.kind === 'artifact' ? [item.artifact] : []));
    expect(texts.map((one) => one.origin.path)).toEqual([
      'github:acme/variables/DEPLOY_TOKEN',
      'github:acme/variables/REGION',
      'github:acme/app/environments/production/variables/API_KEY',
    ]);
    expect(texts[0]?.origin).toMatchObject({ part: 'text', collector: 'github', exposure: 'organisation' });
    const token = acme.secrets[0] ?? '';
    expect(Buffer.from(texts[0]?.bytes ?? []).toString()).toBe(`DEPLOY_TOKEN=${token}\n`);
    expect(items).toContainEqual({
      kind: 'skip',
      scope: 'variables',
      skip: { reason: 'empty', subject: 'github:acme/app/variables/EMPTY' },
    });
  });
});

describe('identities of one repository', () => {
  it('asks for shared secrets, and calls nobody gone', async () => {
    const own = await collect('acme/app');
    const ids = own.flatMap((item) => (item.kind === 'identity' ? [item.identity] : []));
    expect(own.filter((item) => item.kind === 'gap')).toEqual([]);
    expect(ids.map((one) => one.id as string)).toContain('github:secret:acme:NPM_TOKEN');
    expect(ids.find((one) => one.id === 'person:github:gone-gwen')?.attributes).toEqual({});
    expect(fake.asked.at(-1)?.path).not.toContain('/orgs/');
  });
});
