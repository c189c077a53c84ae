import type { HclValue } from '../../../lib/hcl/index.ts';
import type { TerraformModule } from '../module.ts';
import { resolve } from '../resolve.ts';

/** What a role is assigned on: a kind, a colon, a name. Undefined: not known. */
export function scopeOf(module: TerraformModule, value: HclValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const resolved = resolve(module, value);
  if (typeof resolved === 'string' && resolved.startsWith('/')) return pathScope(resolved);
  const text = typeof resolved === 'string' ? resolved : 'text' in value ? value.text : '';
  return referenceScope(text);
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
  const address = /^(?:\$\{)?((?:data\.)?azurerm_(\w+)\.[\w-]+)/.exec(text);
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
