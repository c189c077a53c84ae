import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import exposure from '../../../src/risk/factors/exposure.ts';
import { postureSubject, secretSubject } from '../subjects.ts';

const IDENTITIES: readonly (readonly [string, Readonly<Record<string, Json>>, number])[] = [
  ['deploy_key', {}, 0.4],
  ['service_account', { storage: 'vault' }, 0.1],
  ['service_account', { storage: 'encrypted_file' }, 0.15],
  ['service_account', { storage: 'container_image' }, 0.9],
  ['service_account', { storage: 'chat' }, 0.75],
  ['actions_secret', { level: 'organisation', visibility: 'all' }, 0.35],
  ['actions_secret', { level: 'organisation', visibility: 'private' }, 0.35],
  ['actions_secret', { level: 'organisation', visibility: 'selected' }, 0.25],
  ['actions_secret', { level: 'repository' }, 0.25],
  ['actions_secret', { level: 'environment', environmentProtected: true }, 0.15],
  ['actions_secret', { level: 'environment', environmentProtected: false }, 0.25],
  ['actions_secret', {}, 0.25],
  ['github_app_installation', { thirdParty: 'acme' }, 0.45],
  ['github_app_installation', {}, 0.45],
  ['github_app_installation', { thirdParty: false }, 0.4],
  ['iam_role', {}, 0.05],
  ['iam_role', { trustsAnyPrincipal: true }, 1],
  ['iam_role', { oidcWithoutSubject: true }, 1],
  ['iam_role', { oidcSubjectWildcard: true }, 0.7],
  ['iam_role', { trustsExternalAccounts: ['123456789012'] }, 0.45],
  ['k8s_service_account', { authMethod: 'instance_identity' }, 0.05],
  ['workflow', { checksOutPullRequestHead: true, exposure: 'public' }, 1],
  ['workflow', { checksOutPullRequestHead: true }, 0.7],
  ['mcp_server', { exposure: 'organisation' }, 0.7],
  ['deploy_key', { storage: 'vault', leakExposure: 'public' }, 1],
  ['actions_secret', { level: 'repository', exposure: 'private' }, 0.25],
  ['actions_secret', { level: 'repository', exposure: 'private', leakExposure: 'private' }, 0.55],
  ['webhook', { authMethod: 'none' }, 0.4],
  ['workflow_job', {}, 0.25],
  ['mcp_server', { literalSecrets: ['KEY'], declaredExposure: 'public' }, 1],
  ['mcp_server', { literalSecrets: ['KEY'] }, 0.4],
  ['k8s_secret', { literalData: true, declaredExposure: 'private' }, 0.55],
  ['iam_role', { declaredExposure: 'public' }, 0.05],
];

describe('exposure', () => {
  it.each([
    ['public', 1],
    ['organisation', 0.7],
    ['private', 0.55],
    ['unknown', 0.4],
    ['local', 0.25],
  ] as const)('a secret in a %s place weighs %d', (place, weight) => {
    expect(exposure.evaluate(secretSubject({ exposure: place })).weight).toBe(weight);
  });

  it.each(IDENTITIES)('%s %j weighs %d', (type, attributes, weight) => {
    expect(exposure.evaluate(postureSubject(type, attributes)).weight).toBe(weight);
  });

  it('adds 0.05 per further place, at most 0.2, and never above 1', () => {
    const weigh = (places: number) => exposure.evaluate(secretSubject({ places })).weight;
    expect(weigh(2)).toBeCloseTo(0.6);
    expect(weigh(5)).toBeCloseTo(0.75);
    expect(weigh(50)).toBeCloseTo(0.75);
    expect(exposure.evaluate(secretSubject({ exposure: 'public', places: 3 })).weight).toBe(1);
    expect(exposure.evaluate(secretSubject({ places: 2 })).code).toBe('private+reuse');
  });

  it('names both ends when the place is unknown', () => {
    expect(exposure.evaluate(secretSubject({ exposure: 'unknown' }))).toMatchObject({ best: 0.25, worst: 1 });
    expect(exposure.evaluate(postureSubject('deploy_key', {}))).toMatchObject({ code: 'unk', best: 0.05, worst: 1 });
  });

  it('takes the place of a leak when it is wider than the place where the credential is kept', () => {
    const subject = { ...postureSubject('deploy_key', { storage: 'vault' }), exposure: 'public' } as const;
    expect(exposure.evaluate(subject).weight).toBe(1);
  });
});
