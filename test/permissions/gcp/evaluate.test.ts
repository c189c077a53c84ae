import { describe, expect, it } from 'vitest';
import type { Condition, Evaluation, Statement } from '../../../src/permissions/contract.ts';
import { createGcpEvaluator } from '../../../src/permissions/gcp/evaluate.ts';
import { readGcpRoles } from '../../../src/permissions/gcp/roles.ts';
import { factsOf } from '../../../src/permissions/powers.ts';
import { itRarely } from '../../it-rarely.ts';

const roles = readGcpRoles();
const evaluate = createGcpEvaluator(roles);

function grant(role: string | readonly string[], resource = 'project:shop', condition?: string): Statement {
  const permissions = typeof role === 'string' ? roles.permissionsOf(role) : role;
  const conditions: readonly Condition[] =
    condition === undefined
      ? []
      : [{ operator: 'cel', name: 'expression', key: 'expression', values: [condition], unknown: false }];
  return {
    effect: 'allow',
    actions: { patterns: permissions ?? [], except: false, unknown: permissions === undefined },
    resources: { patterns: [resource], except: false, unknown: false },
    conditions,
    conditionUnknown: false,
    source: { policy: typeof role === 'string' ? role : 'custom', source: 'main.tf:1' },
  };
}

const tier = (...statements: readonly Statement[]): Evaluation['tier'] => evaluate(statements).tier;

describe('roles', () => {
  it('holds the predefined roles with all their permissions', () => {
    expect(roles.permissionsOf('roles/iam.serviceAccountTokenCreator')).toContain('iam.serviceAccounts.getAccessToken');
    expect(roles.permissionsOf('roles/owner')?.length).toBeGreaterThan(10_000);
    expect(roles.permissionsOf('roles/browser')).toHaveLength(6);
    expect(roles.permissionsOf('roles/not.there')).toBeUndefined();
    expect(roles.permissionsOf('owner')).toBeUndefined();
    expect(roles.permissionsOf('roles/__proto__')).toBeUndefined();
  });
});

describe('tiers on a project', () => {
  it.each([
    ['roles/owner', 0],
    ['roles/editor', 0],
    ['roles/iam.securityAdmin', 0],
    ['roles/iam.serviceAccountTokenCreator', 0],
    ['roles/iam.serviceAccountKeyAdmin', 0],
    ['roles/iam.roleAdmin', 0],
    ['roles/iam.serviceAccountUser', 1],
    ['roles/cloudbuild.builds.editor', 1],
    ['roles/secretmanager.secretAccessor', 1],
    ['roles/storage.objectAdmin', 1],
    ['roles/viewer', 2],
    ['roles/storage.objectViewer', 2],
    ['roles/bigquery.dataViewer', 2],
    ['roles/pubsub.publisher', 2],
    ['roles/compute.osLogin', 2],
    ['roles/logging.logWriter', 3],
    ['roles/monitoring.metricWriter', 3],
    ['roles/artifactregistry.reader', 3],
    ['roles/compute.viewer', 3],
    ['roles/browser', 3],
  ])('%s is %i', (role, expected) => {
    expect(tier(grant(role))).toBe(expected);
  });

  it('puts roles on the same resource together, and on different ones not', () => {
    expect(tier(grant('roles/iam.serviceAccountUser'), grant('roles/run.developer'))).toBe(0);
    expect(tier(grant('roles/iam.serviceAccountUser'), grant('roles/run.developer', 'project:other'))).toBe(1);
    expect(factsOf(evaluate([grant('roles/iam.serviceAccountUser'), grant('roles/run.developer')]))).toMatchObject({
      escalationActions: ['iam.serviceAccounts.actAs + run.services.create'],
    });
  });

  it('gives one tier less where a condition leaves something out, and none where it is about time', () => {
    expect(tier(grant('roles/owner', 'project:shop', 'resource.name.startsWith("projects/_/buckets/a")'))).toBe(1);
    expect(tier(grant('roles/owner', 'project:shop', 'request.time < timestamp("2030-01-01T00:00:00Z")'))).toBe(0);
  });

  it('takes what is denied', () => {
    const deny: Statement = { ...grant(['resourcemanager.projects.setIamPolicy']), effect: 'deny' };
    expect(tier(grant(['resourcemanager.projects.setIamPolicy', 'storage.buckets.list']), deny)).toBe(3);
  });
});

describe('what is not known', () => {
  it('leaves the tier open, but for the strongest', () => {
    expect(tier(grant('roles/not.there'))).toBeUndefined();
    expect(tier(grant('roles/not.there'), grant('roles/viewer'))).toBeUndefined();
    expect(tier(grant('roles/not.there'), grant('roles/owner'))).toBe(0);
    expect(factsOf(evaluate([grant('roles/not.there')]))).toEqual({});
  });
});

describe('one resource', () => {
  it('is worth less than a project', () => {
    expect(tier(grant('roles/storage.admin', 'storage_bucket:a'))).toBe(2);
    expect(tier(grant('roles/secretmanager.secretAccessor', 'secret_manager_secret:a'))).toBe(2);
    expect(tier(grant('roles/run.viewer', 'cloud_run_service:a'))).toBe(3);
  });
});

it('never puts a role that Google calls a viewer above tier 2, but for those that hold a write', () => {
  const viewers = ['viewer', 'reader', 'Viewer', 'Reader'].flatMap((end) =>
    ['roles/compute', 'roles/storage.object', 'roles/container', 'roles/bigquery.metadata', 'roles/run'].flatMap(
      (start) => [`${start}.${end}`, `${start}${end}`],
    ),
  );
  const known = viewers.filter((role) => roles.permissionsOf(role) !== undefined);
  expect(known.length).toBeGreaterThan(4);
  for (const role of known) expect(tier(grant(role)), role).toBeGreaterThanOrEqual(2);
});

itRarely('evaluates a thousand owners in little time', () => {
  const many = Array.from({ length: 1000 }, (_, index) => grant('roles/owner', `project:p${index}`));
  expect(evaluate(many).tier).toBe(0);
});
