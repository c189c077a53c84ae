import { HCL_LIMITS, type HclEntry, type HclLimits, type HclValue, readJsonValues } from '../../lib/hcl/index.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { putBlock, type TerraformBlock, type TerraformFile, type TerraformModule } from './module.ts';

/** A state holds every attribute of every resource, so it is longer than what people write. */
export const STATE_LIMITS: HclLimits = { ...HCL_LIMITS, length: 32 * 1024 * 1024 };

/**
 * Reads a state (format version 4) into a module. Each instance of a managed resource becomes a block whose attributes
 * are literals, so that the same code reads declared and real resources. Values of secrets are never evaluated.
 */
export function readState(module: TerraformModule, origin: Origin, text: string): Gap | undefined {
  if (text.trim() === '') return undefined;
  const { value, problem, positionAt } = readJsonValues(text, false, STATE_LIMITS);
  if (problem !== undefined) {
    const message = `${origin.path}:${problem.line}:${problem.column}: ${problem.message}; the state is not read`;
    return { reason: 'malformed', subject: origin.path, message };
  }
  if (member(value, 'encrypted_data') !== undefined) return undefined;
  const version = numberOf(member(value, 'version'));
  const resources = member(value, 'resources');
  if (version !== 4 || resources?.kind !== 'list') {
    const message = `${origin.path}: a state of format version 4 is expected; run "terraform refresh" with a current version`;
    return { reason: 'unsupported', subject: origin.path, message };
  }
  const file: TerraformFile = { origin, positionAt };
  for (const resource of resources.items) addResource(module, file, resource);
  return undefined;
}

function addResource(module: TerraformModule, file: TerraformFile, resource: HclValue): void {
  if (textOf(member(resource, 'mode')) !== 'managed') return;
  const type = textOf(member(resource, 'type'));
  const name = textOf(member(resource, 'name'));
  const instances = member(resource, 'instances');
  if (type === undefined || name === undefined || instances?.kind !== 'list') return;
  const path = textOf(member(resource, 'module'));
  for (const instance of instances.items) {
    const attributes = member(instance, 'attributes');
    if (attributes?.kind !== 'object') continue;
    const address = `${path === undefined ? '' : `${path}.`}${type}.${name}${indexOf(member(instance, 'index_key'))}`;
    putBlock(module, blockOf(file, { type, name, address }, attributes.entries, resource));
  }
}

function blockOf(
  file: TerraformFile,
  names: Pick<TerraformBlock, 'type' | 'name' | 'address'>,
  entries: readonly HclEntry[],
  resource: HclValue,
): TerraformBlock {
  const attributes = entries.map(({ key, value }) => ({
    name: key.kind === 'string' ? key.value : '',
    value,
    start: key.start,
    end: key.end,
  }));
  const first = attributes[0] ?? resource;
  return { mode: 'resource', ...names, body: { attributes, blocks: [] }, file, start: first.start, end: first.end };
}

function indexOf(key: HclValue | undefined): string {
  if (key?.kind === 'number') return `[${key.value}]`;
  return key?.kind === 'string' ? `[${JSON.stringify(key.value)}]` : '';
}

function member(value: HclValue | undefined, name: string): HclValue | undefined {
  if (value?.kind !== 'object') return undefined;
  return value.entries.find(({ key }) => key.kind === 'string' && key.value === name)?.value;
}

function textOf(value: HclValue | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : undefined;
}

function numberOf(value: HclValue | undefined): number | undefined {
  return value?.kind === 'number' ? value.value : undefined;
}
