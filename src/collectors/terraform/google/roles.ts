import { childBodies, type HclValue } from '../../../lib/hcl/index.ts';
import type { Condition, Statement, StatementSource } from '../../../permissions/contract.ts';
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
import { findBlock, itemsOf, resolve, textOf } from '../resolve.ts';
import type { GoogleRun } from './context.ts';

const CUSTOM = ['google_project_iam_custom_role', 'google_organization_iam_custom_role'];

/** A role as the declarations tell it. */
export interface Role {
  /** Its name, where it is known. */
  readonly name: string | undefined;
  /** Undefined: what it allows is not known. */
  readonly permissions: readonly string[] | undefined;
}

/** Adds the custom roles of a module, each with the tier that it gives to whoever gets it where it is defined. */
export function addCustomRoles(module: TerraformModule, run: GoogleRun): void {
  for (const block of resourcesOf(module, ...CUSTOM)) {
    const id = declaredId(module, block.address);
    const name = textOf(module, block, 'role_id') ?? block.name;
    const draft = addDeclared(module, run.drafts, block, { id, type: 'gcp_iam_role', provider: 'gcp', name });
    const level = block.type.startsWith('google_organization') ? 'organization' : 'project';
    const resource = `${level}:${textOf(module, block, level === 'project' ? 'project' : 'org_id') ?? 'unknown'}`;
    const { source } = evidenceOf(block);
    const permissions = permissionsOf(module, block);
    const statement = statementOf({ name, permissions }, resource, { policy: name, source });
    setFacts(draft, factsOf(run.evaluate([statement])), source);
  }
}

/** The permissions of a custom role; undefined where one of them is not known. */
function permissionsOf(module: TerraformModule, block: TerraformBlock): readonly string[] | undefined {
  const value = attributeValue(block, 'permissions');
  if (value === undefined) return undefined;
  const items = itemsOf(block, 'permissions') ?? [value];
  const resolved = items.flatMap((item): readonly unknown[] => {
    const permission = resolve(module, item);
    return Array.isArray(permission) ? permission : [permission];
  });
  const texts = resolved.filter((permission): permission is string => typeof permission === 'string');
  return texts.length === resolved.length ? texts : undefined;
}

/** Reads a role by its name, or by a reference to a custom role of the module. */
export function roleOf(module: TerraformModule, run: GoogleRun, value: HclValue | string | undefined): Role {
  if (value === undefined) return { name: undefined, permissions: undefined };
  const custom = typeof value === 'string' ? undefined : findBlock(module, value, CUSTOM, ['id', 'name']);
  if (custom !== undefined) return customRole(module, custom);
  const text = typeof value === 'string' ? value : resolve(module, value);
  if (typeof text !== 'string' || text.includes('${')) return { name: undefined, permissions: undefined };
  const roleId = /^(?:projects|organizations)\/[^/]+\/roles\/([\w.]+)$/.exec(text)?.[1];
  const declared = resourcesOf(module, ...CUSTOM).find((block) => textOf(module, block, 'role_id') === roleId);
  if (roleId !== undefined && declared !== undefined) return { ...customRole(module, declared), name: text };
  return { name: text, permissions: run.roles().permissionsOf(text) };
}

function customRole(module: TerraformModule, block: TerraformBlock): Role {
  return { name: textOf(module, block, 'role_id') ?? block.address, permissions: permissionsOf(module, block) };
}

/** Services whose permissions a resource knows; of a role with others, these are no gain there. */
const SERVICES: readonly (readonly [kind: RegExp, services: RegExp])[] = [
  [/^sourcerepo_repository:/, /^source\./],
  [/^storage_(?:bucket|managed_folder)/, /^storage\./],
  [/^pubsub_/, /^pubsub\./],
  [/^secret_manager_/, /^secretmanager\./],
  [/^kms_/, /^cloudkms\./],
  [/^artifact_registry_/, /^artifactregistry\./],
  [/^bigquery_(?:dataset|table):/, /^bigquery\./],
  [/^service_account:/, /^iam\./],
];

function knownOn(resource: string, permissions: readonly string[]): readonly string[] {
  const services = SERVICES.find(([kind]) => kind.test(resource))?.[1];
  return services === undefined ? permissions : permissions.filter((name) => services.test(name) || name.includes('*'));
}

/** One role on one resource, as a statement. */
export function statementOf(
  { permissions }: Role,
  resource: string,
  source: StatementSource,
  conditions: readonly Condition[] = [],
): Statement {
  return {
    effect: 'allow',
    actions: { patterns: knownOn(resource, permissions ?? []), except: false, unknown: permissions === undefined },
    resources: { patterns: [resource], except: false, unknown: false },
    conditions,
    conditionUnknown: false,
    source,
  };
}

/** The IAM condition of a block, or of a binding in a policy: its expression. */
export function conditionsOf(module: TerraformModule, block: TerraformBlock): readonly Condition[] {
  return childBodies(block.body, 'condition').map(({ body }) => {
    const value = attributeValue({ body }, 'expression');
    const expression = value === undefined ? undefined : resolve(module, value);
    return conditionFrom(expression);
  });
}

/** A condition with an expression that is known, or is not. */
export function conditionFrom(expression: unknown): Condition {
  const known = typeof expression === 'string' && !expression.includes('${');
  return { operator: 'cel', name: 'expression', key: 'expression', values: known ? [expression] : [], unknown: !known };
}
