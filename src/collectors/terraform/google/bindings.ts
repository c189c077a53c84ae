import { childBodies } from '../../../lib/hcl/index.ts';
import type { Condition } from '../../../permissions/contract.ts';
import { factsOf } from '../../../permissions/powers.ts';
import { byId, type Draft, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import { attributeValue, declaredId, evidenceOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { resolve } from '../resolve.ts';
import { elementsOf, isEach } from '../values/each.ts';
import { accountByText } from './accounts.ts';
import { type GoogleRun, MOST_GRANTS } from './context.ts';
import { addFederated } from './federated.ts';
import { type Binding, bindingsOfData, granteesFrom, granteesOf, memberFacts } from './members.ts';
import { conditionFrom, conditionsOf, roleOf, statementOf } from './roles.ts';
import { levelOf, type Scope, scopeOf } from './scopes.ts';

const IAM = /^google_(\w+?)_iam_(?:member|binding|policy)$/;
const POLICY_DATA = 'google_iam_policy';
/** Lets an account act as the one that is the resource. */
const ACTS_AS =
  /^iam\.serviceAccounts\.(?:actAs|getAccessToken|signBlob|signJwt|implicitDelegation|setIamPolicy)$|^iam\.serviceAccountKeys\.create$/;
const BASIC = /^roles\/(owner|editor|viewer)$/;

/** Adds every IAM member, binding and policy of a module, on whatever resource, and what they give to accounts. */
export function addBindings(module: TerraformModule, run: GoogleRun): void {
  for (const [type, blocks] of module.byType) {
    const kind = IAM.exec(type)?.[1];
    if (kind === undefined) continue;
    for (const block of blocks) addBlock(module, run, block, scopeOf(module, run.drafts, block, kind));
  }
  for (const block of module.blocks.values()) {
    if (block.mode === 'data' && block.type === POLICY_DATA) addPolicyData(module, run, block);
  }
}

function addBlock(module: TerraformModule, run: GoogleRun, block: TerraformBlock, scope: Scope): void {
  const isPolicy = block.type.endsWith('_policy');
  const bindings = isPolicy ? policyBindings(module, block) : blockBindings(module, run, block);
  const draft = addNode(module, run, block, isPolicy ? 'gcp_iam_policy' : 'gcp_iam_binding');
  if (scope.block !== undefined) run.drafts.detail(draft, evidenceOf(scope.block));
  addFacts(module, run, block, draft, { scope, bindings });
  for (const binding of bindings ?? []) addGrants(module, run, block, scope, binding);
}

/** The data source that writes a policy: a policy of its own, whether it is used or not. */
function addPolicyData(module: TerraformModule, run: GoogleRun, block: TerraformBlock): void {
  const draft = addNode(module, run, block, 'gcp_iam_policy');
  setFacts(draft, { ...mergedFacts(dataBindings(module, block)) }, evidenceOf(block).source);
}

function addNode(module: TerraformModule, run: GoogleRun, block: TerraformBlock, type: string): Draft {
  const id = declaredId(module, block.address);
  return addDeclared(module, run.drafts, block, { id, type, provider: 'gcp', name: block.address });
}

/** One binding, or one for each element of a known `for_each`. */
function blockBindings(module: TerraformModule, run: GoogleRun, block: TerraformBlock): readonly Binding[] {
  const own = attributeValue(block, 'role');
  const elements = elementsOf(module, block);
  if (elements === undefined || elements.length === 0) {
    return [{ ...granteesOf(module, block), role: roleOf(module, run, own).name, condition: undefined }];
  }
  const bindings = elements.map((each) => {
    const text = own === undefined || !isEach(own) ? undefined : resolve(module, own, 0, each);
    const role = typeof text === 'string' ? text : roleOf(module, run, own).name;
    return { ...granteesOf(module, block, each), role, condition: undefined };
  });
  return [...new Set(bindings.map(({ role }) => role))].map((role) => {
    const same = bindings.filter((binding) => binding.role === role);
    const members = [...new Set(same.flatMap((binding) => binding.members))];
    return { role, members, unknown: same.some(({ unknown }) => unknown), condition: undefined };
  });
}

function policyBindings(module: TerraformModule, block: TerraformBlock): readonly Binding[] | undefined {
  const value = attributeValue(block, 'policy_data');
  const policy = value === undefined ? undefined : resolve(module, value);
  const named = typeof policy === 'string' ? /^\$\{(data\.google_iam_policy\.[\w-]+)/.exec(policy)?.[1] : undefined;
  const data = named === undefined ? undefined : module.blocks.get(named);
  return data === undefined ? bindingsOfData(policy) : dataBindings(module, data);
}

function dataBindings(module: TerraformModule, block: TerraformBlock): readonly Binding[] {
  return childBodies(block.body, 'binding').map(({ body }) => {
    const role = attributeValue({ body }, 'role');
    const members = attributeValue({ body }, 'members');
    const text = role === undefined ? undefined : resolve(module, role);
    const condition = childBodies(body, 'condition')[0];
    const grantees =
      members === undefined ? { members: [], unknown: true } : granteesFrom(module, itemsOfList(members));
    return { ...grantees, role: typeof text === 'string' ? text : undefined, condition };
  });
}

const itemsOfList = (value: Parameters<typeof granteesFrom>[1][number]): Parameters<typeof granteesFrom>[1] =>
  value.kind === 'list' ? value.items : [value];

/** Facts about who the members of several bindings are. */
function mergedFacts(bindings: readonly Binding[] | undefined): ReturnType<typeof memberFacts> | undefined {
  if (bindings === undefined) return undefined;
  return memberFacts({
    members: bindings.flatMap(({ members }) => members),
    unknown: bindings.some(({ unknown }) => unknown),
  });
}

function addFacts(
  module: TerraformModule,
  run: GoogleRun,
  block: TerraformBlock,
  draft: Draft,
  { scope, bindings }: { readonly scope: Scope; readonly bindings: readonly Binding[] | undefined },
): void {
  const { source } = evidenceOf(block);
  setFacts(draft, { ...mergedFacts(bindings), grantLevel: levelOf(scope.resource) }, source);
  if (bindings === undefined) return;
  const roles = bindings.flatMap(({ role }) => role ?? []);
  const [role] = roles;
  const basic = roles.find((name) => BASIC.test(name));
  setFacts(
    draft,
    {
      role: roles.length === 1 ? role : undefined,
      basicRole: basic?.slice('roles/'.length) ?? (roles.length === bindings.length ? 'none' : undefined),
    },
    source,
  );
  // A binding of nobody takes a role away.
  const given = bindings.filter(({ members, unknown }) => unknown || members.length > 0);
  const statements = given.map((binding) => grantOf(module, run, block, scope, binding).statement);
  setFacts(draft, factsOf(run.evaluate(statements)), source);
}

/** The grant of a binding: the role's name, and the statement. */
function grantOf(module: TerraformModule, run: GoogleRun, block: TerraformBlock, scope: Scope, binding: Binding) {
  const own = attributeValue(block, 'role');
  const role = roleOf(module, run, binding.role === undefined || own === undefined || isEach(own) ? binding.role : own);
  const name = role.name ?? 'a role that is not known';
  const { source, location } = evidenceOf(block);
  const from = { policy: name, source, ...(location && { location }) };
  return { name, statement: statementOf(role, scope.resource, from, conditionsFor(module, block, binding)) };
}

function conditionsFor(module: TerraformModule, block: TerraformBlock, binding: Binding): readonly Condition[] {
  const own = conditionsOf(module, block);
  if (binding.condition === undefined || binding.condition === null) return own;
  const expression: unknown =
    typeof binding.condition === 'object' ? Reflect.get(binding.condition, 'expression') : undefined;
  return [...own, conditionFrom(expression)];
}

/** Gives each service account among the members what the binding gives. */
function addGrants(
  module: TerraformModule,
  run: GoogleRun,
  block: TerraformBlock,
  scope: Scope,
  binding: Binding,
): void {
  const { name, statement } = grantOf(module, run, block, scope, binding);
  const evidence = evidenceOf(block);
  const alone = run.evaluate([statement]);
  const acts = statement.actions.patterns.find((permission) => ACTS_AS.test(permission));
  for (const member of binding.members) {
    const draft = accountByText(module, run.drafts, member, block);
    if (draft === undefined) {
      if (scope.account !== undefined && acts !== undefined)
        addFederated(run.drafts, scope.account, member, evidence.source, block);
      continue;
    }
    const { source, location } = evidence;
    const grant = { permission: name, resource: scope.resource, tier: alone.tier ?? 2, source };
    if (draft.grants.length < MOST_GRANTS) draft.grants.push({ ...grant, ...(location && { location }) });
    else draft.moreGrants += 1;
    const held = run.statements.get(draft.id) ?? { draft, list: [] };
    run.statements.set(draft.id, held);
    if (held.list.length < MOST_GRANTS) held.list.push(statement);
    if (scope.account === undefined || acts === undefined) continue;
    run.drafts.edge(draft.id, 'can-assume', byId(scope.account.id), evidence);
    run.acting.push({ from: draft, target: scope.account, action: acts, source });
  }
}
