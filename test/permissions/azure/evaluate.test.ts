import { describe, expect, it } from 'vitest';
import { directoryRoleTier, graphTier, readGraphRoles } from '../../../src/permissions/azure/entra.ts';
import { createAzureEvaluator } from '../../../src/permissions/azure/evaluate.ts';
import { type AzureRole, azurePermissions, readAzureRoles } from '../../../src/permissions/azure/roles.ts';
import { azureStatements } from '../../../src/permissions/azure/statements.ts';
import type { Condition, Evaluation } from '../../../src/permissions/contract.ts';
import { factsOf } from '../../../src/permissions/powers.ts';

const roles = readAzureRoles();
const evaluate = createAzureEvaluator();

function assigned(role: AzureRole | undefined, scope: string, conditions: readonly Condition[] = []): Evaluation {
  const source = { policy: role?.name ?? 'not known', source: 'main.tf:1' };
  return evaluate(azureStatements(role, { scope, scopeUnknown: false, conditions, conditionUnknown: false, source }));
}

function custom(
  lists: Partial<Record<'actions' | 'notActions' | 'dataActions' | 'notDataActions', string[]>>,
): AzureRole {
  const all = { actions: [], notActions: [], dataActions: [], notDataActions: [], ...lists };
  return { id: 'x', name: 'custom', permissions: [azurePermissions(all)] };
}

describe('built-in roles', () => {
  it('are found by name and by id, without case', () => {
    expect(roles.get('owner')).toBe(roles.get('8e3af657-a8ff-443c-a75c-2fe8c4bcb635'));
    expect(roles.get('nobody')).toBeUndefined();
  });

  it.each([
    ['owner', 0, 1, 1],
    ['user access administrator', 0, 1, 1],
    ['role based access control administrator', 0, 1, 1],
    ['contributor', 1, 2, 2],
    ['key vault secrets user', 1, 2, 2],
    ['key vault administrator', 1, 2, 2],
    ['virtual machine contributor', 1, 2, 2],
    ['managed identity operator', 1, 2, 2],
    ['storage blob data reader', 2, 2, 2],
    ['acrpush', 1, 2, 2],
    ['acrpull', 3, 3, 3],
    ['reader', 3, 3, 3],
    ['key vault reader', 3, 3, 3],
    ['monitoring metrics publisher', 3, 3, 3],
  ])('%s is %i on a subscription, %i on a group, %i on a resource', (name, wide, group, narrow) => {
    const role = roles.get(name);
    expect(assigned(role, 'subscription:s').tier).toBe(wide);
    expect(assigned(role, 'management-group:m').tier).toBe(wide);
    expect(assigned(role, 'resource-group:g').tier).toBe(group);
    expect(assigned(role, 'resource:r').tier).toBe(narrow);
  });
});

describe('custom roles', () => {
  it('count by their actions, wildcards and what they leave out', () => {
    expect(assigned(custom({ actions: ['*'] }), 'subscription:s').tier).toBe(0);
    expect(assigned(custom({ actions: ['Microsoft.Authorization/*'] }), 'subscription:s').tier).toBe(0);
    expect(assigned(custom({ actions: ['*/write'] }), 'subscription:s').tier).toBe(0);
    const without = custom({ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] });
    expect(assigned(without, 'subscription:s').powers.map(({ family }) => family)).not.toContain('administrator');
    expect(assigned(custom({ actions: ['*/read'] }), 'subscription:s').tier).toBe(3);
    expect(assigned(custom({ dataActions: ['*'] }), 'resource-group:g').tier).toBe(2);
    expect(assigned(custom({}), 'subscription:s').tier).toBe(4);
  });

  it('leave out only from themselves', () => {
    const without = custom({ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] });
    const owner = custom({ actions: ['*'] });
    const place = { scope: 'subscription:s', scopeUnknown: false, conditions: [], conditionUnknown: false };
    const source = { policy: 'p', source: 'main.tf:1' };
    const both = [without, owner].flatMap((role) => azureStatements(role, { ...place, source }));
    expect(evaluate(both).tier).toBe(0);
  });
});

it('gives one tier less under a condition, and no tier where a role or scope is not known', () => {
  const condition: Condition = { operator: 'abac', name: 'condition', key: 'condition', values: ['x'], unknown: false };
  expect(assigned(roles.get('owner'), 'subscription:s', [condition]).tier).toBe(1);
  expect(assigned(undefined, 'subscription:s').tier).toBeUndefined();
  const source = { policy: 'p', source: 'main.tf:1' };
  const nowhere = { scope: 'unknown:unknown', scopeUnknown: true, conditions: [], conditionUnknown: false, source };
  expect(evaluate(azureStatements(roles.get('contributor'), nowhere)).tier).toBeUndefined();
});

it('says why', () => {
  expect(factsOf(assigned(roles.get('role based access control administrator'), 'subscription:s'))).toMatchObject({
    privilegeTier: 0,
    tierReasons: [
      'Microsoft.Authorization/roleAssignments/write on subscription:s (Role Based Access Control Administrator, main.tf:1)',
    ],
    permissionActions: ['Microsoft.Authorization/roleAssignments/write'],
    dataActions: [],
  });
});

describe('the directory', () => {
  it('knows the permissions of Microsoft Graph by id', () => {
    expect(readGraphRoles().get('9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8')).toBe('RoleManagement.ReadWrite.Directory');
  });

  it.each([
    ['RoleManagement.ReadWrite.Directory', 0],
    ['AppRoleAssignment.ReadWrite.All', 0],
    ['Application.ReadWrite.All', 0],
    ['Directory.ReadWrite.All', 0],
    ['Group.ReadWrite.All', 1],
    ['Mail.Read', 2],
    ['Application.ReadWrite.OwnedBy', 2],
    ['User.Read.All', 3],
  ])('%s is %i', (name, tier) => {
    expect(graphTier(name)).toBe(tier);
  });

  it('judges the roles that matter, and no other', () => {
    expect(directoryRoleTier('Global Administrator')).toBe(0);
    expect(directoryRoleTier('62E90394-69F5-4237-9190-012177145E10')).toBe(0);
    expect(directoryRoleTier('Global Reader')).toBe(3);
    expect(directoryRoleTier('Attack Payload Author')).toBeUndefined();
  });
});
