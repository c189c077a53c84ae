import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGithub } from '../../../src/permissions/github/evaluate.ts';
import { factsOfEvaluation, grantsOfStatements } from '../../../src/permissions/github/facts.ts';
import { evaluateJobToken } from '../../../src/permissions/github/job-token.ts';
import {
  statementsOfDeployKey,
  statementsOfPermissions,
  statementsOfScopes,
} from '../../../src/permissions/github/statements.ts';

const SOURCE = { policy: 'installation shipper', source: 'GET /orgs/{org}/installations' };
const reach = (everywhere: boolean, names?: readonly string[]) => ({
  account: 'acme',
  everywhere,
  ...(names === undefined ? {} : { names }),
});
const evaluate = (permissions: Record<string, string>, everywhere = true) =>
  evaluateGithub(statementsOfPermissions(permissions, reach(everywhere), SOURCE));
const tier = (permissions: Record<string, string>, everywhere = true) => evaluate(permissions, everywhere).tier;
const scopes = (...names: string[]) => evaluateGithub(statementsOfScopes(names, SOURCE));

describe('permissions of apps and fine-grained tokens', () => {
  it('are worth what they lead to', () => {
    expect(tier({ organization_administration: 'write' }, false)).toBe(0);
    expect(tier({ members: 'write' }, false)).toBe(0);
    expect(tier({ administration: 'write' })).toBe(0);
    expect(tier({ administration: 'write' }, false)).toBe(1);
    expect(tier({ secrets: 'write' })).toBe(1);
    expect(tier({ secrets: 'write' }, false)).toBe(2);
    expect(tier({ contents: 'write', workflows: 'write' })).toBe(1);
    expect(tier({ contents: 'write' }, false)).toBe(2);
    expect(tier({ issues: 'write' })).toBe(2);
    expect(tier({ secret_scanning_alerts: 'read' })).toBe(2);
    expect(tier({ contents: 'read' })).toBe(3);
    expect(tier({ metadata: 'read' })).toBe(4);
    expect(tier({})).toBe(4);
  });

  it('that only read are never above tier 2', () => {
    const name = fc.constantFrom('contents', 'administration', 'members', 'secrets', 'organization_administration');
    fc.assert(
      fc.property(fc.dictionary(name, fc.constant('read')), fc.boolean(), (permissions, everywhere) => {
        expect(tier(permissions, everywhere)).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('never lose power when one is added', () => {
    const names = ['contents', 'workflows', 'secrets', 'issues', 'members', 'metadata', 'packages'];
    const some = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('read', 'write'));
    fc.assert(
      fc.property(some, fc.constantFrom(...names), fc.boolean(), (permissions, more, everywhere) => {
        const before = tier(permissions, everywhere) ?? -1;
        expect(tier({ ...permissions, [more]: 'write' }, everywhere) ?? -1).toBeLessThanOrEqual(before);
      }),
    );
  });

  it('that nobody knows leave the tier unknown, unless it is 0 anyway', () => {
    expect(evaluate({ enterprise_new_power: 'write' })).toMatchObject({ complete: false });
    expect(tier({ enterprise_new_power: 'write' })).toBeUndefined();
    expect(tier({ enterprise_new_power: 'write', members: 'write' })).toBe(0);
    expect(tier({ enterprise_new_power: 'read' })).toBe(3);
  });

  it('say why: what, on what, by which installation', () => {
    const facts = factsOfEvaluation(evaluate({ contents: 'write', workflows: 'write', metadata: 'read' }));
    expect(facts).toMatchObject({
      privilegeTier: 1,
      credentialActions: ['contents:write + workflows:write'],
      lateralActions: ['workflows:write'],
      escalationActions: [],
    });
    expect(facts.tierReasons?.[0]).toBe(
      'contents:write + workflows:write on acme/* (installation shipper, GET /orgs/{org}/installations)',
    );
  });

  it('name the selected repositories where they were read', () => {
    const named = statementsOfPermissions({ contents: 'write' }, reach(false, ['acme/b', 'acme/a']), SOURCE);
    expect(evaluateGithub(named).powers[0]?.resource).toBe('acme/a, acme/b');
    expect(evaluate({ contents: 'write' }, false).powers[0]?.resource).toBe('selected repositories');
    expect(grantsOfStatements(named, 'acme')[0]).toMatchObject({ permission: 'contents:write', tier: 2 });
  });
});

describe('scopes of classic tokens', () => {
  it('reach all that the person reaches', () => {
    expect(scopes('admin:org').tier).toBe(0);
    expect(scopes('repo', 'workflow')).toMatchObject({ tier: 1 });
    expect(scopes('repo', 'workflow').powers[0]?.actions).toEqual(['repo', 'workflow']);
    expect(scopes('gist').tier).toBe(2);
    expect(scopes('read:org', 'read:packages').tier).toBe(3);
    expect(scopes().tier).toBe(4);
  });

  it('that nobody knows leave the tier unknown', () => {
    expect(scopes('repo', 'write:moon').tier).toBeUndefined();
    expect(factsOfEvaluation(scopes('write:moon'))).toMatchObject({ escalationActions: undefined });
  });
});

describe('other holders', () => {
  it('deploy keys write one repository or read it', () => {
    expect(evaluateGithub(statementsOfDeployKey(false, 'acme/app', SOURCE)).tier).toBe(2);
    expect(evaluateGithub(statementsOfDeployKey(true, 'acme/app', SOURCE)).tier).toBe(3);
  });

  it('GITHUB_TOKEN is never tier 0', () => {
    const token = (...permissions: string[]) => evaluateJobToken(permissions, 'acme/app', SOURCE).tier;
    expect(token('*:write')).toBe(1);
    expect(token('contents:write')).toBe(1);
    expect(token('contents:read', 'id-token:write')).toBe(2);
    expect(token('contents:read')).toBe(3);
    expect(token('checks:write')).toBe(3);
    expect(token()).toBe(4);
    expect(factsOfEvaluation(evaluateJobToken(['id-token:write'], 'acme/app', SOURCE)).tierReasons).toEqual([
      'id-token:write on acme/app (installation shipper, GET /orgs/{org}/installations)',
    ]);
  });
});
