import type { HclValue } from '../../../lib/hcl/index.ts';
import type { TerraformBlock, TerraformModule } from '../module.ts';
import { resolve, textOf } from '../resolve.ts';
import { possibleValues } from '../values/possible.ts';

/** Types whose id is no resource's. */
const WIDE_TYPES: Readonly<Record<string, string>> = {
  subscription: 'subscription',
  subscriptions: 'subscription',
  management_group: 'management-group',
  managementgroups: 'management-group',
  resource_group: 'resource-group',
  resourcegroups: 'resource-group',
};
/** The widest first. */
const LEVELS = ['management-group', 'subscription', 'resource-group', 'resource'];
/** Levels by the parts of an id, of which the first is empty: `/subscriptions/<id>/resourceGroups/<name>`. */
const LEVEL_OF_PARTS = new Map([
  [3, 'subscription'],
  [5, 'resource-group'],
]);
/** Texts that are taken apart and put together again: `join("/", slice(split("/", id), 0, 5))`. */
const MOST_CUTS = 4;

/**
 * What a role is assigned on: a kind, a colon, a name. Where a block repeats over several, the widest of them.
 * Undefined: not known.
 */
export function scopeOf(
  module: TerraformModule,
  block: TerraformBlock,
  value: HclValue | undefined,
  cuts = 0,
): string | undefined {
  if (value === undefined) return undefined;
  const resolved = resolve(module, value);
  const direct = typeof resolved === 'string' ? scopeBy(module, resolved) : undefined;
  if (direct !== undefined) return direct;
  const possible = possibleValues(module, block, value);
  const scopes = possible?.values.map((item) => plainScope(module, block, item, cuts)) ?? [];
  const known = scopes.filter((scope) => scope !== undefined);
  if (known.length === 0 || known.length < scopes.length) return undefined;
  const levels = LEVELS.filter((level) => known.some((scope) => levelOf(scope) === level));
  return possible?.isChosen === true && levels.length > 1
    ? undefined
    : known.find((scope) => levelOf(scope) === levels[0]);
}

function plainScope(module: TerraformModule, block: TerraformBlock, value: HclValue, cuts: number): string | undefined {
  if (value.kind === 'call' && value.name === 'join') return cutScope(module, block, value.args[1], cuts);
  const resolved = resolve(module, value);
  return scopeBy(module, typeof resolved === 'string' ? resolved : 'text' in value ? value.text : '');
}

/** The first parts of an id: `slice(split("/", id), 0, 5)` is its resource group. */
function cutScope(
  module: TerraformModule,
  block: TerraformBlock,
  list: HclValue | undefined,
  cuts: number,
): string | undefined {
  if (list?.kind !== 'call' || list.name !== 'slice' || cuts >= MOST_CUTS) return undefined;
  const [parts, from, to] = list.args;
  const whole = parts === undefined ? undefined : possibleValues(module, block, parts)?.values;
  const [split] = whole ?? [];
  if (whole?.length !== 1 || split?.kind !== 'call' || split.name !== 'split') return undefined;
  const scope =
    from?.kind === 'number' && from.value === 0 ? scopeOf(module, block, split.args[1], cuts + 1) : undefined;
  if (scope === undefined || to === undefined) return undefined;
  if (to.kind === 'number') return partScope(scope, to.value);
  // A resource in another: a subnet of a network.
  return to.kind === 'expression' && /^length\(.{1,300}\)\s?-\s?2$/.test(to.text) ? scope : undefined;
}

/** What so many parts of an id name: `resource-group:of azurerm_subnet.main`, whose own name is not known here. */
function partScope(scope: string, parts: number): string | undefined {
  const level = parts >= 9 ? 'resource' : LEVEL_OF_PARTS.get(parts);
  if (level === undefined || level === levelOf(scope)) return level && scope;
  return `${level}:of ${scope.slice(scope.indexOf(':') + 1)}`;
}

function scopeBy(module: TerraformModule, text: string): string | undefined {
  if (text.startsWith('/')) return pathScope(text);
  // `${azurerm_resource_group.a.id}/providers/…`: something in what a block declares.
  const below = /^\$\{[^{}]{1,300}\}\/(providers|resourceGroups)\/(.{1,1000})$/i.exec(text);
  if (below === null) return referenceScope(module, text);
  const [, kind = '', rest = ''] = below;
  const isGroup = kind.toLowerCase() !== 'providers' && !rest.includes('/');
  return `${isGroup ? 'resource-group' : 'resource'}:${rest.slice(rest.lastIndexOf('/') + 1)}`;
}

/** `/subscriptions/…/resourceGroups/…/providers/…`, parts of which may be `${…}`. */
function pathScope(path: string): string {
  const group = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)\/?$/i.exec(path)?.[1];
  if (group !== undefined || path === '/') return `management-group:${group ?? '/'}`;
  const [, subscription, resourceGroup, rest] =
    /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?(\/.+)?$/i.exec(path) ?? [];
  if (rest !== undefined && rest !== '/') return `resource:${rest.slice(rest.lastIndexOf('/') + 1)}`;
  if (resourceGroup !== undefined) return `resource-group:${resourceGroup}`;
  return subscription === undefined
    ? `resource:${path.slice(path.lastIndexOf('/') + 1)}`
    : `subscription:${subscription}`;
}

/** A block of a provider by its address, as text or within `${…}`. */
function referenceScope(module: TerraformModule, text: string): string | undefined {
  const address = /^(?:\$\{)?((?:module\.[\w-]+(?:\[[^\]]{1,100}\])?\.)*(?:data\.)?(azurerm|azapi)_(\w+)\.[\w-]+)/.exec(
    text,
  );
  if (address === null) return undefined;
  const [, name = '', provider, type = ''] = address;
  const kind = provider === 'azapi' ? generalType(module, name) : type;
  if (kind === undefined) return undefined;
  return `${Object.hasOwn(WIDE_TYPES, kind) ? WIDE_TYPES[kind] : 'resource'}:${name}`;
}

/** The last word of a type such as `Microsoft.Resources/resourceGroups@2021-04-01`, in lower case. */
function generalType(module: TerraformModule, address: string): string | undefined {
  const block = module.blocks.get(address);
  const type = block && textOf(module, block, 'type');
  return type === undefined ? undefined : /([^/@]{1,80})(?:@[^@]{0,80})?$/.exec(type)?.[1]?.toLowerCase();
}

/** `management-group`, `subscription`, `resource-group`, `resource`. */
export function levelOf(scope: string): string {
  return scope.slice(0, scope.indexOf(':'));
}
