import type { Draft, Drafts } from '../../shared/identity-drafts.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from '../module.ts';
import { resolve, textOf } from '../resolve.ts';
import { accountOf, providerProject } from './accounts.ts';

/** What a role is granted on. */
export interface Scope {
  /** Kind and name: `project:shop`, `storage_bucket:shop-data`. */
  readonly resource: string;
  /** The service account, where it is one. */
  readonly account?: Draft | undefined;
  /** The block that declares the resource, where the module has it. */
  readonly block?: TerraformBlock | undefined;
}

const LEVELS: Readonly<Record<string, string>> = { organization: 'org_id', folder: 'folder', project: 'project' };
/** Attributes that do not name the resource. */
const BESIDE = new Set(
  'role member members policy_data project region location zone count for_each provider depends_on etag'.split(' '),
);

/** Reads on what a block grants. `kind` is the middle of its type: `project`, `storage_bucket`. */
export function scopeOf(module: TerraformModule, drafts: Drafts, block: TerraformBlock, kind: string): Scope {
  const level = LEVELS[kind];
  if (level !== undefined) {
    const name = textOf(module, block, level) ?? (kind === 'project' ? providerProject(module) : undefined);
    return { resource: `${kind}:${name ?? 'unknown'}` };
  }
  if (kind === 'service_account') {
    const account = accountOf(module, drafts, attributeValue(block, 'service_account_id'), block);
    return { resource: `service_account:${account?.name ?? 'unknown'}`, account };
  }
  return resourceScope(module, block, kind);
}

function resourceScope(module: TerraformModule, block: TerraformBlock, kind: string): Scope {
  for (const { name, value } of block.body.attributes) {
    if (BESIDE.has(name)) continue;
    const text = resolve(module, value);
    if (typeof text !== 'string' || text === '') continue;
    const address = /^\$\{(google_\w+\.[\w-]+)[.[]/.exec(text)?.[1];
    const target = address === undefined ? referenced(module, value) : module.blocks.get(address);
    return { resource: `${kind}:${address ?? text}`, block: target };
  }
  return { resource: `${kind}:unknown` };
}

/** The block that a plain reference names, where the attribute itself has a known value. */
function referenced(
  module: TerraformModule,
  value: TerraformBlock['body']['attributes'][number]['value'],
): TerraformBlock | undefined {
  return value.kind === 'reference' ? module.blocks.get(value.path.slice(0, 2).join('.')) : undefined;
}

/** `organization`, `folder`, `project`, or `resource`. */
export function levelOf(resource: string): string {
  const kind = resource.slice(0, resource.indexOf(':'));
  return kind in LEVELS ? kind : 'resource';
}
