import { childBodies, type HclValue } from '../../../lib/hcl/index.ts';
import { type AzureRole, azurePermissions } from '../../../permissions/azure/roles.ts';
import { azureStatements } from '../../../permissions/azure/statements.ts';
import type { Condition } from '../../../permissions/contract.ts';
import { factsOf } from '../../../permissions/powers.ts';
import { setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { findBlock, resolve, textOf } from '../resolve.ts';
import { isEach, textsOfEach } from '../values/each.ts';
import { type AzureRun, giveTo } from './context.ts';
import { principalOf } from './principals.ts';
import { levelOf, scopeOf } from './scopes.ts';

const DEFINITION = 'azurerm_role_definition';
const ASSIGNMENTS = [
  'azurerm_role_assignment',
  'azurerm_pim_active_role_assignment',
  'azurerm_pim_eligible_role_assignment',
];
const MOST_GRANTS = 500;

interface NamedRole {
  readonly role: AzureRole | undefined;
  readonly name: string | undefined;
}

/** Adds the custom roles of a module, each with the tier that it gives to whoever gets it where it is defined. */
export function addDefinitions(module: TerraformModule, run: AzureRun): void {
  for (const block of resourcesOf(module, DEFINITION)) {
    const id = declaredId(module, block.address);
    const name = textOf(module, block, 'name') ?? block.name;
    const draft = addDeclared(module, run.drafts, block, {
      id,
      type: 'azure_role_definition',
      provider: 'azure',
      name,
    });
    const { source } = evidenceOf(block);
    const scope = scopeOf(module, block, attributeValue(block, 'scope'));
    const statements = azureStatements(customRole(module, block), {
      scope: scope ?? 'unknown:unknown',
      scopeUnknown: scope === undefined,
      conditions: [],
      conditionUnknown: false,
      source: { policy: name, source },
    });
    setFacts(draft, { ...factsOf(run.evaluate(statements)), grantLevel: scope && levelOf(scope) }, source);
  }
}

/** Reads a custom role; undefined where one of its actions is not known. */
function customRole(module: TerraformModule, block: TerraformBlock): AzureRole | undefined {
  const parts = childBodies(block.body, 'permissions').map(({ body }) => ({
    actions: textsOf(module, { body }, 'actions'),
    notActions: textsOf(module, { body }, 'not_actions'),
    dataActions: textsOf(module, { body }, 'data_actions'),
    notDataActions: textsOf(module, { body }, 'not_data_actions'),
  }));
  const permissions = parts.flatMap(({ actions, notActions, dataActions, notDataActions }) =>
    actions && notActions && dataActions && notDataActions
      ? [azurePermissions({ actions, notActions, dataActions, notDataActions })]
      : [],
  );
  if (permissions.length < parts.length) return undefined;
  return { id: block.address, name: textOf(module, block, 'name') ?? block.name, permissions };
}

/** Every text of a list; none where there is no list; undefined where a part is not known. */
function textsOf(
  module: TerraformModule,
  block: Pick<TerraformBlock, 'body'>,
  name: string,
): readonly string[] | undefined {
  const value = attributeValue(block, name);
  if (value === undefined || value.kind === 'null') return [];
  const resolved = resolve(module, value);
  if (!Array.isArray(resolved)) return undefined;
  const texts = resolved.filter((item): item is string => typeof item === 'string' && !item.includes('${'));
  return texts.length === resolved.length ? texts : undefined;
}

/** Adds role assignments, and what they give to applications and managed identities. */
export function addAssignments(module: TerraformModule, run: AzureRun): void {
  for (const block of resourcesOf(module, ...ASSIGNMENTS)) addAssignment(module, run, block);
}

function addAssignment(module: TerraformModule, run: AzureRun, block: TerraformBlock): void {
  const { source, location } = evidenceOf(block);
  const roles = rolesOf(module, run, block);
  const written = attributeValue(block, 'scope');
  const scope = scopeOf(module, block, written);
  const head = { id: declaredId(module, block.address), type: 'azure_role_assignment', provider: 'azure' };
  const node = addDeclared(module, run.drafts, block, { ...head, name: block.address });
  const condition = attributeValue(block, 'condition');
  const conditions = condition === undefined ? [] : [conditionOf(module, condition)];
  const given = roles.map(({ role, name }) => ({
    name,
    statements: azureStatements(role, {
      scope: scope ?? 'unknown:unknown',
      scopeUnknown: scope === undefined,
      conditions,
      conditionUnknown: false,
      source: { policy: name ?? 'a role that is not known', source, ...(location && { location }) },
    }),
  }));
  const statements = given.flatMap((part) => part.statements);
  const role = roles.length === 1 ? roles[0]?.name : undefined;
  setFacts(node, { ...factsOf(run.evaluate(statements)), role, grantLevel: scope && levelOf(scope) }, source);
  const draft = principalOf(module, run.drafts, block, attributeValue(block, 'principal_id'));
  if (draft === undefined) return;
  giveTo(run, draft, { statements });
  const resource = placeOf(module, written);
  for (const part of given) {
    const tier = run.evaluate(part.statements).tier ?? 2;
    const grant = { permission: part.name ?? 'unknown', resource, tier, source, ...(location && { location }) };
    if (draft.grants.length < MOST_GRANTS) draft.grants.push(grant);
    else draft.moreGrants += 1;
  }
}

/** The roles of an assignment: with `for_each` over names, one for each. */
function rolesOf(module: TerraformModule, run: AzureRun, block: TerraformBlock): readonly NamedRole[] {
  const written = attributeValue(block, 'role_definition_name');
  const names = written !== undefined && isEach(written) ? textsOfEach(module, block, written) : undefined;
  if (names === undefined || names.length === 0) return [roleOf(module, run, block)];
  return names.map((name) => roleNamed(module, run, name) ?? { role: undefined, name });
}

function roleNamed(module: TerraformModule, run: AzureRun, name: string): NamedRole | undefined {
  const declared = resourcesOf(module, DEFINITION).find((candidate) => textOf(module, candidate, 'name') === name);
  if (declared !== undefined) return { role: customRole(module, declared), name };
  const role = run.roles().get(name.toLowerCase());
  return role && { role, name: role.name };
}

function placeOf(module: TerraformModule, scope: HclValue | undefined): string {
  const place = scope === undefined ? 'unknown' : resolve(module, scope);
  if (typeof place === 'string') return place;
  return scope !== undefined && 'text' in scope ? scope.text : 'unknown';
}

function conditionOf(module: TerraformModule, value: HclValue): Condition {
  const text = resolve(module, value);
  const known = typeof text === 'string' && !text.includes('${');
  return { operator: 'abac', name: 'condition', key: 'condition', values: known ? [text] : [], unknown: !known };
}

/** The role of an assignment: a built-in one by name or id, or a custom one of the module. */
function roleOf(module: TerraformModule, run: AzureRun, block: TerraformBlock): NamedRole {
  const link = attributeValue(block, 'role_definition_id');
  const custom = findBlock(module, link, [DEFINITION], ['id', 'role_definition_resource_id', 'role_definition_id']);
  const linked = custom === undefined ? undefined : textOf(module, custom, 'name');
  const name = textOf(module, block, 'role_definition_name') ?? linked;
  if (custom?.mode === 'resource') return { role: customRole(module, custom), name: name ?? custom.address };
  const declared = resourcesOf(module, DEFINITION).find((candidate) => textOf(module, candidate, 'name') === name);
  if (name !== undefined && declared !== undefined) return { role: customRole(module, declared), name };
  const id = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(
    textOf(module, block, 'role_definition_id') ?? '',
  )?.[1];
  const role = run.roles().get((name ?? id ?? '').toLowerCase());
  return { role, name: role?.name ?? name };
}
