import { evaluate, type HclValue, selectedFrom } from '../../lib/hcl/index.ts';
import { isUnknown, type PolicyValue, Unknown } from '../../permissions/aws/document.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from './module.ts';
import { folderName } from './names.ts';
import { policyDocumentData } from './policy-document.ts';
import { fillTemplate, readByCall } from './templates.ts';

const MAX_HOPS = 16;

/** One element of a `for_each`. */
export interface Each {
  readonly key: string;
  readonly value: PolicyValue;
}

/**
 * Evaluates a value inside a module. Follows locals, attributes of other resources, and policy document data sources.
 * `each` is what the block repeats over, if that is known.
 */
export function resolve(module: TerraformModule, value: HclValue, hops = 0, each?: Each): PolicyValue {
  return evaluate<Unknown>(value, {
    unknown: (text) => new Unknown(text),
    isUnknown,
    spend: () => {
      module.work.left -= 1;
      return module.work.left > 0;
    },
    tooLong: () => {
      module.work.cut = true;
    },
    addsNothing: (given) => isUnset(module, given),
    choose: ({ yes, no }) => (isRefusal(yes, no) || isRefusal(no, yes) ? [] : undefined),
    call: (name, args) =>
      name === 'file' || name === 'templatefile' ? readByCall(module.templates, name, args()) : undefined,
    reference: (path) => {
      if (each !== undefined && path[0] === 'each') return selectedFrom({ ...each }, path.slice(1), { isUnknown });
      if (hops < MAX_HOPS) return resolveReference(module, path, hops + 1);
      module.work.cut = true;
      return undefined;
    },
  });
}

/** True for an empty text, and for a variable whose default is empty or null and that no file sets. */
export function isUnset(module: TerraformModule, value: HclValue): boolean {
  if (value.kind !== 'reference') return value.kind === 'string' && value.value === '';
  return value.path[0] === 'var' && value.path.length === 2 && module.unset.has(value.path[1] ?? '');
}

/** Statements that refuse under a condition, or none: who holds the policy is as powerful with them as without. */
function isRefusal(value: HclValue, other: HclValue): boolean {
  if (value.kind !== 'list' || other.kind !== 'list' || other.items.length > 0 || value.items.length === 0)
    return false;
  return value.items.every((item) => {
    const entries = item.kind === 'object' ? item.entries : [];
    const fieldOf = (name: string) => entries.find(({ key }) => key.kind === 'string' && key.value === name)?.value;
    const effect = fieldOf('Effect');
    return effect?.kind === 'string' && effect.value === 'Deny' && fieldOf('Condition') !== undefined;
  });
}

function resolveReference(module: TerraformModule, path: readonly string[], hops: number): PolicyValue | undefined {
  const { owner, rest } = ownerOf(path);
  const [first = '', second = ''] = rest;
  if (first === 'path' && second === 'module') return folderName(module.prefix);
  if (first === 'local') {
    const local = module.locals.get(`${owner}${second}`);
    return local === undefined ? undefined : selectedFrom(resolve(module, local, hops), rest.slice(2), { isUnknown });
  }
  const output = owner !== '' && rest.length === 1 ? module.outputs.get(`${owner}${first}`) : undefined;
  if (output !== undefined) return resolve(module, output, hops);
  return resolveAttribute(module, path, hops);
}

/** Returns the local that a reference such as `module.m.local.names` means, as it is written. */
export function localOf(module: TerraformModule, path: readonly string[]): HclValue | undefined {
  const { owner, rest } = ownerOf(path);
  const [first, second = ''] = rest;
  return first === 'local' && rest.length === 2 ? module.locals.get(`${owner}${second}`) : undefined;
}

/** Returns the output that a reference such as `module.m.id` means, as it is written. */
export function outputOf(module: TerraformModule, path: readonly string[]): HclValue | undefined {
  const { owner, rest } = ownerOf(path);
  return owner === '' || rest.length !== 1 ? undefined : module.outputs.get(`${owner}${rest[0]}`);
}

function resolveAttribute(module: TerraformModule, path: readonly string[], hops: number): PolicyValue | undefined {
  const block = referencedBlock(module, path);
  const attribute = (path.at(-1) ?? '').replace(/^\["(\w+)"\]$/, '$1');
  if (block === undefined || attribute.startsWith('[')) return undefined;
  if (block.type === 'aws_iam_policy_document') {
    if (!/^(?:json|minified_json)$/.test(attribute)) return undefined;
    module.used.add(block.address);
    return policyDocumentData(block, (inner) => resolve(module, inner, hops));
  }
  if (block.type === 'template_file' && attribute === 'rendered') return renderedBy(module, block, hops);
  const value = attributeValue(block, attribute);
  if (value !== undefined) return resolve(module, value, hops);
  if (block.type === 'aws_iam_openid_connect_provider' && attribute === 'arn') return providerArn(module, block, hops);
  // This id or ARN exists only after an apply. The text names the block, which is enough to join.
  return `\${${block.address}.${attribute}}`;
}

/** What a data source `template_file` renders. */
function renderedBy(module: TerraformModule, block: TerraformBlock, hops: number): PolicyValue | undefined {
  const [template, variables] = ['template', 'vars'].map((name) => {
    const value = attributeValue(block, name);
    return value === undefined ? undefined : resolve(module, value, hops);
  });
  return typeof template === 'string' ? fillTemplate(template, variables) : undefined;
}

/** Splits off the calls that a reference leads through. `owner` is their address with a dot at its end, or empty. */
function ownerOf(path: readonly string[]): { readonly owner: string; readonly rest: readonly string[] } {
  let owner = '';
  let at = 0;
  while (path[at] === 'module' && path.length > at + 2) {
    owner += `module.${path[at + 1]}`;
    at += 2;
    if (path[at]?.startsWith('[') === true && path.length > at + 1) owner += path[at++];
    owner += '.';
  }
  return { owner, rest: path.slice(at) };
}

/** The ARN of an OIDC provider names its issuer, in any account. */
function providerArn(module: TerraformModule, block: TerraformBlock, hops: number): string {
  const url = attributeValue(block, 'url');
  const issuer = url === undefined ? undefined : resolve(module, url, hops);
  if (typeof issuer !== 'string' || issuer.includes('${')) return `\${${block.address}.arn}`;
  return `arn:aws:iam::\${${block.address}.account}:oidc-provider/${issuer.replace(/^https:\/\//, '')}`;
}

/** Returns the block that a reference such as `aws_iam_role.ci.name` or `data.x.y.z` means, or undefined. */
export function referencedBlock(module: TerraformModule, path: readonly string[]): TerraformBlock | undefined {
  const { owner, rest } = ownerOf(path);
  const names = rest.filter((step) => !step.startsWith('['));
  const width = names[0] === 'data' ? 3 : 2;
  return names.length < width ? undefined : module.blocks.get(owner + names.slice(0, width).join('.'));
}

/** Returns the block that a text such as `${aws_iam_user.bot.arn}` names, or undefined. */
export function blockNamed(module: TerraformModule, text: string): TerraformBlock | undefined {
  const address = /^\$\{([^{}]{1,500})\.\w+\}$/.exec(text)?.[1];
  return address === undefined ? undefined : module.blocks.get(address);
}

/** Returns the value of an attribute if it is plain text that is known in full. */
export function textOf(module: TerraformModule, block: TerraformBlock, name: string): string | undefined {
  const value = attributeValue(block, name);
  const text = value === undefined ? undefined : resolve(module, value);
  return typeof text === 'string' && text !== '' && !text.includes('${') ? text : undefined;
}

export function booleanOf(module: TerraformModule, block: TerraformBlock, name: string): boolean | undefined {
  const value = attributeValue(block, name);
  const resolved = value === undefined ? undefined : resolve(module, value);
  if (resolved === 'true' || resolved === 'false') return resolved === 'true';
  return typeof resolved === 'boolean' ? resolved : undefined;
}

/**
 * Returns every element of a list attribute, unresolved. A single value counts as a list of one. Undefined if it is no
 * list.
 */
export function itemsOf(block: TerraformBlock, name: string): readonly HclValue[] | undefined {
  const value = attributeValue(block, name);
  if (value?.kind === 'call' && (value.name === 'toset' || value.name === 'tolist') && value.args[0]?.kind === 'list') {
    return value.args[0].items;
  }
  return value?.kind === 'list' ? value.items : undefined;
}

/** Returns the known strings of a map attribute (tags, annotations). */
export function stringMapOf(module: TerraformModule, value: HclValue | undefined): Readonly<Record<string, string>> {
  const map = value === undefined ? undefined : resolve(module, value);
  if (typeof map !== 'object' || map === null || Array.isArray(map) || isUnknown(map)) return {};
  const texts = Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.filter(([, text]) => !text.includes('${')));
}

/**
 * Returns the block that a value names: by a reference, or by the literal value of one of `attributes` of a block of
 * these types (as in a state, or where a name is repeated).
 */
export function findBlock(
  module: TerraformModule,
  value: HclValue | undefined,
  types: readonly string[],
  attributes: readonly string[],
): TerraformBlock | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'reference') {
    const block = referencedBlock(module, value.path);
    if (block !== undefined) return types.includes(block.type) ? block : undefined;
  }
  const text = resolve(module, value);
  if (typeof text !== 'string') return undefined;
  const direct = blockNamed(module, text);
  if (direct !== undefined && types.includes(direct.type)) return direct;
  for (const type of types) {
    for (const attribute of attributes) {
      const [block] = blocksWith(module, type, attribute, text);
      if (block !== undefined) return block;
    }
  }
  return undefined;
}

/** Returns the resources of a type whose attribute is literally a text. */
export function blocksWith(
  module: TerraformModule,
  type: string,
  attribute: string,
  text: string,
): readonly TerraformBlock[] {
  return indexBy(module, type, attribute).get(text) ?? [];
}

function indexBy(
  module: TerraformModule,
  type: string,
  attribute: string,
): ReadonlyMap<string, readonly TerraformBlock[]> {
  const key = `${type} ${attribute}`;
  const cached = module.byValue.get(key);
  if (cached !== undefined) return cached;
  const index = new Map<string, TerraformBlock[]>();
  for (const block of module.byType.get(type) ?? []) {
    const text = textOf(module, block, attribute);
    if (text === undefined) continue;
    const same = index.get(text);
    if (same === undefined) index.set(text, [block]);
    else same.push(block);
  }
  module.byValue.set(key, index);
  return index;
}
