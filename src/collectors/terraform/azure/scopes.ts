import type { HclValue } from '../../../lib/hcl/index.ts';
import type { TerraformModule } from '../module.ts';
import { resolve } from '../resolve.ts';

/** Longest text of a condition that is followed. */
const LONGEST = 500;

/** What a role is assigned on: a kind, a colon, a name. Undefined: not known. */
export function scopeOf(module: TerraformModule, value: HclValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'expression') return eitherScope(value.text.slice(0, LONGEST));
  const resolved = resolve(module, value);
  const text = typeof resolved === 'string' ? resolved : 'text' in value ? value.text : '';
  return scopeBy(text) ?? elementScope(module, value);
}

function scopeBy(text: string): string | undefined {
  return text.startsWith('/') ? pathScope(text) : referenceScope(text);
}

/** `var.id != "" ? "/subscriptions/${var.id}" : data.azurerm_subscription.own.id`: what both sides are. */
function eitherScope(text: string): string | undefined {
  const [, first = '', second = ''] = /\? (\S+) : (\S+)$/.exec(text) ?? [];
  const [left, right] = [first, second].map((side) => scopeBy(side.replace(/^"(.*)"$/, '$1')));
  return left !== undefined && right !== undefined && levelOf(left) === levelOf(right) ? right : undefined;
}

/** `local.accounts[count.index]`: an element of a list whose elements are all of one level. */
function elementScope(module: TerraformModule, value: HclValue): string | undefined {
  if (value.kind !== 'reference' || value.path.at(-1)?.startsWith('[') !== true) return undefined;
  const list = resolve(module, { ...value, path: value.path.slice(0, -1) });
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const scopes = list.map((item) => (typeof item === 'string' ? scopeBy(item) : undefined));
  const levels = new Set(scopes.map((scope) => scope && levelOf(scope)));
  return levels.size === 1 ? scopes[0] : undefined;
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

/** A block of the provider by its address, as text or within `${…}`. */
function referenceScope(text: string): string | undefined {
  const address = /^(?:\$\{)?((?:module\.[\w-]+(?:\[[^\]]{1,100}\])?\.)*(?:data\.)?azurerm_(\w+)\.[\w-]+)/.exec(text);
  if (address === null) return undefined;
  const [, name, type] = address;
  if (type === 'subscription') return `subscription:${name}`;
  if (type === 'management_group') return `management-group:${name}`;
  return type === 'resource_group' ? `resource-group:${name}` : `resource:${name}`;
}

/** `management-group`, `subscription`, `resource-group`, `resource`. */
export function levelOf(scope: string): string {
  return scope.slice(0, scope.indexOf(':'));
}
