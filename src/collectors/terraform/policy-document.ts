import { childBodies, type HclBody, type HclValue } from '../../lib/hcl/index.ts';
import { isUnknown, type PolicyValue, Unknown } from '../../permissions/aws/document.ts';
import { attributeValue, type TerraformBlock } from './module.ts';

type Evaluate = (value: HclValue) => PolicyValue;

/** Returns, as data, the IAM policy that a data source `aws_iam_policy_document` would return. */
export function policyDocumentData(block: TerraformBlock, evaluate: Evaluate): PolicyValue {
  const statements = childBodies(block.body, 'statement').map((child) => statementData(child.body, evaluate));
  const inherited = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'].flatMap(
    (name) => statementsOf(optional(block, name, evaluate)),
  );
  return { Statement: [...statements, ...inherited] };
}

/** Returns the statements of the documents that an attribute names. What cannot be read is one unknown statement. */
function statementsOf(value: PolicyValue | undefined): PolicyValue[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return (value as readonly PolicyValue[]).flatMap(statementsOf);
  if (typeof value === 'string') return [new Unknown(value)];
  if (typeof value === 'object' && !isUnknown(value) && 'Statement' in value) {
    const statements = (value as Readonly<Record<string, PolicyValue>>)['Statement'];
    return Array.isArray(statements) ? [...(statements as readonly PolicyValue[])] : [statements ?? null];
  }
  return [new Unknown('document')];
}

function statementData(body: HclBody, evaluate: Evaluate): PolicyValue {
  const block = { body };
  const data: [string, PolicyValue | undefined][] = [
    ['Effect', optional(block, 'effect', evaluate) ?? 'Allow'],
    ['Action', optional(block, 'actions', evaluate)],
    ['NotAction', optional(block, 'not_actions', evaluate)],
    ['Resource', optional(block, 'resources', evaluate)],
    ['NotResource', optional(block, 'not_resources', evaluate)],
    ['Principal', principalData(body, 'principals', evaluate)],
    ['NotPrincipal', principalData(body, 'not_principals', evaluate)],
    ['Condition', conditionData(body, evaluate)],
  ];
  return Object.fromEntries(data.filter((entry): entry is [string, PolicyValue] => entry[1] !== undefined));
}

function optional(block: { readonly body: HclBody }, name: string, evaluate: Evaluate): PolicyValue | undefined {
  const value = attributeValue(block, name);
  if (value === undefined || value.kind === 'null') return undefined;
  return withVariables(evaluate(value));
}

/** The data source writes variables of IAM as `&{aws:username}`, because Terraform takes the other form for its own. */
function withVariables(value: PolicyValue): PolicyValue {
  if (typeof value === 'string') return value.replaceAll('&{', '$' + '{');
  return Array.isArray(value) ? (value as readonly PolicyValue[]).map(withVariables) : value;
}

function principalData(body: HclBody, name: string, evaluate: Evaluate): PolicyValue | undefined {
  const children = childBodies(body, name);
  if (children.length === 0) return undefined;
  const byType = new Map<string, PolicyValue[]>();
  for (const child of children) {
    const type = optional(child, 'type', evaluate);
    const kind = typeof type === 'string' ? (type === '*' ? 'AWS' : type) : 'unknown';
    const identifiers = optional(child, 'identifiers', evaluate) ?? new Unknown('identifiers');
    byType.set(kind, [...(byType.get(kind) ?? []), ...asList(identifiers)]);
  }
  return Object.fromEntries(byType);
}

function conditionData(body: HclBody, evaluate: Evaluate): PolicyValue | undefined {
  const children = childBodies(body, 'condition');
  if (children.length === 0) return undefined;
  const byTest = new Map<string, Map<string, PolicyValue[]>>();
  for (const child of children) {
    const test = optional(child, 'test', evaluate);
    const variable = optional(child, 'variable', evaluate);
    if (typeof test !== 'string' || typeof variable !== 'string') return new Unknown('condition');
    const keys = byTest.get(test) ?? new Map<string, PolicyValue[]>();
    byTest.set(test, keys);
    const values = asList(optional(child, 'values', evaluate) ?? new Unknown('values'));
    keys.set(variable, [...(keys.get(variable) ?? []), ...values]);
  }
  return Object.fromEntries([...byTest].map(([test, keys]) => [test, Object.fromEntries(keys)]));
}

function asList(value: PolicyValue): readonly PolicyValue[] {
  return Array.isArray(value) ? (value as readonly PolicyValue[]) : [value];
}
