import { attributeNamed, childBodies, type HclBlock, type HclBody, readHcl } from '../../lib/hcl/index.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import { locationOf } from '../shared/identity-drafts.ts';
import { asObject, asTexts, type Loose } from '../shared/loose.ts';
import { readPlaced } from '../shared/placed-documents.ts';
import { readRole, type VaultRole } from './roles.ts';
import { type PathRule, pathsOfBody, pathsOfJson, pathsOfText, plainValue, type Resolve } from './statements.ts';

export const COLLECTOR = 'vault-policies';

/** A policy or a role, where it stands, and how it is told from others of its file. */
export interface Declared {
  readonly origin: Artifact['origin'];
  readonly name: string;
  readonly key: string;
  readonly rules?: readonly PathRule[];
  readonly role?: VaultRole;
  readonly evidence: Evidence;
}

/** What a file declares, and what could not be read. */
export interface VaultFile {
  readonly declared: readonly Declared[];
  readonly gaps: readonly Gap[];
}

/** Reads a policy file, a role file, or resources of Terraform. */
export async function readVault(file: Artifact, names: ReadonlyMap<string, string>): Promise<VaultFile> {
  const { path } = file.origin;
  if (path.endsWith('.json')) return readJson(file);
  const read = readHcl(Buffer.from(file.bytes).toString('utf8'));
  const evidence = (start: number, end: number): Evidence => {
    const location = locationOf(COLLECTOR, file.origin, read.positionAt(start), read.positionAt(end));
    return { collector: COLLECTOR, source: path, location };
  };
  const [problem] = read.problems;
  // Files of Terraform that cannot be read are gaps of their own collector.
  const isPolicy = path.endsWith('.hcl');
  const gaps = problem === undefined || !isPolicy ? [] : [malformed(path, problem.line, problem.message)];
  const place = read.body.blocks[0];
  const rules = isPolicy ? pathsOfBody(read.body) : [];
  const policies =
    rules.length === 0 || place === undefined
      ? []
      : [{ origin: file.origin, name: baseOf(path), key: '', rules, evidence: evidence(place.start, place.end) }];
  const resources = isPolicy ? [] : resourcesOf(file, read.body, names, evidence);
  return { declared: [...policies, ...resources], gaps };
}

function malformed(subject: string, line: number, message: string): Gap {
  return { reason: 'malformed', subject, message: `${subject}:${line}: ${message}` };
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '');
}

/** Names of policies by the address of their resource, so that roles can be led to them. */
export function policyNames({ bytes }: Artifact): readonly (readonly [address: string, name: string])[] {
  const { body } = readHcl(Buffer.from(bytes).toString('utf8'));
  return body.blocks.flatMap(({ type, labels: [kind, label], body: inner }) => {
    if (type !== 'resource' || kind !== 'vault_policy' || label === undefined) return [];
    const name = plainValue(attributeNamed(inner, 'name')?.value);
    return typeof name === 'string' && !name.includes('${') ? [[label, name] as const] : [];
  });
}

type Place = (start: number, end: number) => Evidence;

function resourcesOf(
  file: Artifact,
  body: HclBody,
  names: ReadonlyMap<string, string>,
  evidence: Place,
): readonly Declared[] {
  const documents = new Map(
    body.blocks.flatMap((block) =>
      block.type === 'data' && block.labels[0] === 'vault_policy_document'
        ? [[block.labels[1] ?? '', documentText(block)] as const]
        : [],
    ),
  );
  const resolve: Resolve = ([root, second = '', third = '', last]) => {
    if (root === 'vault_policy' && third === 'name') return names.get(second);
    return root === 'data' && second === 'vault_policy_document' && last === 'hcl' ? documents.get(third) : undefined;
  };
  return body.blocks.flatMap((block) => {
    const {
      type,
      labels: [kind = '', label = ''],
    } = block;
    if (type !== 'resource' || !kind.startsWith('vault_')) return [];
    const fields: Loose = Object.fromEntries(
      block.body.attributes.map(({ name, value }) => [name, plainValue(value, resolve)]),
    );
    const head = { origin: file.origin, key: `${kind}.${label}`, evidence: evidence(block.start, block.end) };
    if (kind === 'vault_policy') return policyOf(head, fields, label);
    if (!/^vault_(?:approle|kubernetes|jwt|aws)_auth_backend_role$/.test(kind)) return [];
    const name = known(fields['role_name'] ?? fields['role']) ?? label;
    const role = readRole(name, fields, kind);
    return role === undefined ? [] : [{ ...head, name, role }];
  });
}

function policyOf(
  head: Pick<Declared, 'origin' | 'key' | 'evidence'>,
  fields: Loose,
  label: string,
): readonly Declared[] {
  const text = fields['policy'];
  const name = known(fields['name']) ?? label;
  if (typeof text === 'object') return [{ ...head, name, rules: pathsOfJson(text) }];
  return typeof text === 'string' ? [{ ...head, name, rules: pathsOfText(text) }] : [];
}

function known(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !value.includes('${') ? value : undefined;
}

/** A policy document as the text that it would make. */
function documentText({ body }: HclBlock): string {
  const rules = childBodies(body, 'rule').flatMap(({ body: rule }) => {
    const path = plainValue(attributeNamed(rule, 'path')?.value);
    const capabilities = asTexts(plainValue(attributeNamed(rule, 'capabilities')?.value));
    return typeof path === 'string'
      ? [`path ${JSON.stringify(path)} { capabilities = ${JSON.stringify(capabilities)} }`]
      : [];
  });
  return rules.join('\n');
}

/** A policy or a role in JSON. A policy may stand as a text under `policy`, as it is sent to the API. */
async function readJson(file: Artifact): Promise<VaultFile> {
  const { documents, gaps } = await readPlaced(COLLECTOR, file);
  const declared = documents.flatMap(({ path, value, evidence }): readonly Declared[] => {
    const head = { origin: file.origin, name: baseOf(path), key: '', evidence: evidence([]) };
    const text = value['policy'];
    const rules = typeof text === 'string' && /\bpath\b/.test(text) ? pathsOfText(text) : pathsOfJson(value);
    const isPolicy = rules.some(({ capabilities }) => capabilities.length > 0);
    if (isPolicy) return [{ ...head, rules }];
    const role = 'token_policies' in value || 'policies' in value ? readRole(head.name, asObject(value)) : undefined;
    return role === undefined ? [] : [{ ...head, role }];
  });
  // A broken file of JSON that is no policy is none of this collector's.
  return {
    declared,
    gaps: /"(?:capabilities|token_policies)"/.test(Buffer.from(file.bytes).toString('latin1')) ? gaps : [],
  };
}
