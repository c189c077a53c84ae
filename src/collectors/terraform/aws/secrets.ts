import { childBodies } from '../../../lib/hcl/index.ts';
import { addKey, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, addValuePlace } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { findBlock, resolve, textOf } from '../resolve.ts';
import { nameOf } from './attachments.ts';
import { addAws, addPlaces } from './declare.ts';

const DAYS: Readonly<Record<string, number>> = { hour: 1 / 24, hours: 1 / 24, day: 1, days: 1 };

/** Reads secrets of Secrets Manager and whether something rotates them. */
export function collectSecrets(module: TerraformModule, drafts: Drafts): void {
  const rotated = new Map<TerraformBlock, TerraformBlock>();
  const versions = versionsOf(module);
  for (const block of resourcesOf(module, 'aws_secretsmanager_secret_rotation')) {
    const value = attributeValue(block, 'secret_id');
    const secret = findBlock(module, value, ['aws_secretsmanager_secret'], ['arn', 'id', 'name']);
    if (secret?.mode === 'resource') rotated.set(secret, block);
    if (secret !== undefined && secret.mode === 'resource') continue;
    const draft = addNamed(module, drafts, block, nameOf(module, value) ?? block.address);
    addRotation(module, draft, block);
  }
  for (const block of resourcesOf(module, 'aws_secretsmanager_secret')) {
    const draft = addAws(module, drafts, block, 'aws_secret');
    const rotation = rotated.get(block) ?? (attributeValue(block, 'rotation_rules') === undefined ? undefined : block);
    setFacts(draft, { storage: 'vault', rotationDeclared: rotation !== undefined }, evidenceOf(block).source);
    for (const version of versions.get(block) ?? []) addValuePlace(drafts, draft, version, 'secret_string');
    if (rotation === undefined) continue;
    addPlaces(drafts, draft, [rotation]);
    addRotation(module, draft, rotation);
  }
}

/** Values that code puts into a secret. */
function versionsOf(module: TerraformModule): ReadonlyMap<TerraformBlock, readonly TerraformBlock[]> {
  const versions = new Map<TerraformBlock, TerraformBlock[]>();
  for (const block of resourcesOf(module, 'aws_secretsmanager_secret_version')) {
    const secret = findBlock(module, attributeValue(block, 'secret_id'), ['aws_secretsmanager_secret'], ['arn', 'id']);
    if (secret === undefined) continue;
    versions.set(secret, [...(versions.get(secret) ?? []), block]);
  }
  return versions;
}

/** A secret that is declared elsewhere. Each rotation of it is an entry: it stands for one secret. */
function addNamed(module: TerraformModule, drafts: Drafts, block: TerraformBlock, name: string): Draft {
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, { id, type: 'aws_secret', provider: 'aws', name });
  addKey(draft, 'aws-arn', name.startsWith('arn:') ? name : undefined);
  return draft;
}

function addRotation(module: TerraformModule, draft: Draft, block: TerraformBlock): void {
  const [rules] = childBodies(block.body, 'rotation_rules');
  const inner = rules === undefined ? undefined : { ...block, body: rules.body };
  const value = inner === undefined ? undefined : attributeValue(inner, 'automatically_after_days');
  const days = value === undefined ? undefined : Number(resolve(module, value));
  const rate =
    inner === undefined ? null : /^rate\((\d{1,6}) (\w+)\)$/.exec(textOf(module, inner, 'schedule_expression') ?? '');
  const perUnit = DAYS[rate?.[2] ?? ''];
  const rated = rate === null || perUnit === undefined ? undefined : Number(rate[1]) * perUnit;
  const interval = Number.isFinite(days) ? days : rated;
  setFacts(draft, { rotation: 'automatic', rotationDays: interval }, evidenceOf(block).source);
}
