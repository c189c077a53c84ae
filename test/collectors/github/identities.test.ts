import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collected } from '../../../src/collectors/contract.ts';
import github from '../../../src/collectors/github/index.ts';
import type { Identity } from '../../../src/model/identity.ts';
import { FakeGithub } from '../../hosts/fake-github.ts';
import { buildAcme, hashOf, LOGGED } from './acme.ts';
import { contextFor } from './context.ts';

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
      { kind: 'github-token-hash', value: hashOf(LOGGED.installation) },
      { kind: 'github-app-id', value: '131' },
      { kind: 'github-app-slug', value: 'shipper' },
    ]);
    expect(edges(shipper)).toEqual([
      '< created identity person:github:ada',
      '> installed-on identity github:organisation:acme',
    ]);
    // The organisation itself as the actor reviewed nothing.
    expect(facts(shipper)).toMatchObject({
      lastUsedAt: '2026-01-12T09:00:00Z',
      lastReviewedAt: '2026-01-02T09:00:00Z',
      verifiedPublisher: false,
      audited: true,
    });
    expect(facts('github:app-installation:acme:own-bot')).toMatchObject({
      privilegeTier: 0,
      thirdParty: false,
      status: 'suspended',
      suspendedAt: '2025-06-30T08:15:00Z',
    });
    // A private app answers 404: whose it is stays unknown.
    expect(facts('github:app-installation:acme:reader')).not.toHaveProperty('thirdParty');
    expect(facts('github:app-installation:acme:reader')).toMatchObject({ privilegeTier: 4, publisherKnown: false });
  });

  it('tells keys apart by kind, size, access and use', () => {
    const key = identity('github:deploy-key:acme/app:81');
    expect(facts(key.id)).toMatchObject({
      readOnly: false,
      keyType: 'ed25519',
      keyBits: 256,
      addedBy: 'gone-gwen',
      lastUsedAt: '2026-01-11T09:00:00Z',
      audited: true,
      reviewRequired: false,
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
    expect(identity('github:authorised-credential:acme:601').keys).toEqual([
      { kind: 'github-token-last-eight', value: '12345678' },
    ]);
    expect(facts('github:authorised-credential:acme:601')).toMatchObject({ credentialType: 'personal access token' });
    expect(facts('github:pat:acme:502')).toMatchObject({ selectedRepositoryNames: ['acme/infra'], privilegeTier: 3 });
    expect(facts('github:pat-request:acme:551')).toMatchObject({ status: 'pending', createdBy: 'Grace' });
  });

  it('gives variables as text for the secret rules', () => {
    const texts = items.flatMap((item) => (item.kind === 'artifact' ? [item.artifact] : []));
    expect(texts.map((one) => one.origin.path)).toEqual([
      'github:acme/variables/DEPLOY_TOKEN',
      'github:acme/variables/REGION',
      'github:acme/agents/variables/TRACKER_HOST',
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

describe('what the audit log adds', () => {
  it('gives listed tokens their hash, and names those that no list holds', () => {
    const listed = identity('github:pat:acme:501');
    expect(listed.keys).toEqual([{ kind: 'github-token-hash', value: hashOf(LOGGED.fineGrained) }]);
    expect(facts(listed.id)).toMatchObject({ lastUsedAt: '2026-01-14T09:00:00Z', audited: true });
    const logged = identity('github:token:acme:77');
    expect(logged).toMatchObject({ type: 'pat_classic', keys: [{ value: hashOf(LOGGED.classic) }] });
    expect(facts(logged.id)).toMatchObject({ permissions: ['repo', 'workflow'], privilegeTier: 1, humanUse: true });
    expect(edges(logged.id)).toEqual(['< owns identity github:user:acme-ci']);
  });

  it('tells who made a webhook, and that a person uses the account of a machine', () => {
    expect(edges('github:webhook:acme:71')).toContain('< created identity person:github:grace');
    expect(facts('github:user:acme-ci')).toMatchObject({ humanUse: true });
    expect(facts('person:github:ada')).not.toHaveProperty('humanUse');
  });
});

describe('alerts, stores and agents', () => {
  it('gives an alert its facts and places, and no secret', () => {
    const found = identity('github:alert:acme/app:1');
    expect(facts(found.id)).toMatchObject({
      alertState: 'open',
      validity: 'active',
      publiclyLeaked: true,
      pushProtectionBypassed: true,
      bypassedBy: 'ada',
    });
    expect(found.keys.map((key) => key.value.replace(/:[0-9a-f]{40}$/, ''))).toEqual([
      'acme/app:src/config.js:12',
      'acme/app:config/prod.env:3',
    ]);
    expect(facts('github:alert:acme/infra:2')).toMatchObject({ alertState: 'resolved', alertResolution: 'revoked' });
    expect(fake.asked.filter((one) => one.path.endsWith('/alerts')).map((one) => one.query.get('hide_secret'))).toEqual(
      ['true'],
    );
  });

  it('describes secrets of codespaces and agents', () => {
    expect(facts('github:codespaces-secret:acme:DEV_DATABASE')).toMatchObject({ visibility: 'all' });
    expect(facts('github:agents-secret:acme:COPILOT_MCP_TRACKER')).toMatchObject({
      visibility: 'selected',
      selectedRepositoryNames: ['acme/app'],
    });
    expect(facts('github:codespaces-secret:acme/app:DEV_KEY')).toMatchObject({ level: 'repository' });
  });

  it('describes the coding agent and its tool servers', () => {
    expect(facts('agent:acme/app:copilot')).toEqual({ firewallEnabled: false, workflowApprovalRequired: false });
    expect(facts('mcp:acme/app:copilot#tracker')).toMatchObject({ transport: 'http', literalSecrets: [] });
    expect(facts('mcp:acme/app:copilot#files')).toMatchObject({
      transport: 'stdio',
      command: 'npx',
      literalSecrets: ['FILES_TOKEN'],
      autoApprove: true,
    });
  });

  it('tells who from outside administers a repository, and where nothing is reviewed', () => {
    expect(facts('person:github:linus')).toMatchObject({
      role: 'outside',
      administers: ['acme/app'],
      privilegeTier: 1,
    });
    expect(facts('github:repo:acme/app')).toMatchObject({ reviewRequired: false });
    expect(facts('github:repo:acme/infra')).toMatchObject({ reviewRequired: true });
    expect(facts('github:organisation:acme')).toMatchObject({ ownerCount: 1 });
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
