import { defined } from '../lib/fields/defined.ts';
import type { Attribute, Edge, EdgeConfidence, Evidence, Identity } from '../model/identity.ts';
import { identityId } from '../model/identity.ts';
import { kindOfType } from '../model/identity-kinds.ts';
import type { Json } from '../model/json.ts';
import { evidenceOf } from './authenticates.ts';
import type { CredentialReader, CredentialReading, NamedNode } from './contract.ts';
import type { SecretGroup } from './groups.ts';
import { confidenceOfKey, identifies, type KeyIndex } from './key-index.ts';
import { isCurrent } from './shared/current.ts';
import { compareConfidence, edgeOf } from './shared/edges.ts';

/** Types of rules whose values are a password, a key pair or a refresh token; all others are static secrets. */
const METHODS: Readonly<Record<string, string>> = {
  password: 'password',
  connection_string: 'password',
  private_key: 'key_pair',
  oauth_refresh_token: 'oauth_refresh',
};

/** Facts of a value that are attributes of its credential under the same or another name. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  expiresAt: 'expiresAt',
  issuedAt: 'createdAt',
  createdAt: 'createdAt',
  keyType: 'keyType',
  keyBits: 'keyBits',
  environment: 'environment',
};

/**
 * Nodes of secrets that nothing names, in one run: a list of a hundred thousand passwords is no inventory. The secrets
 * beyond are findings all the same, and a gap counts them.
 */
export const MOST_UNNAMED = 1_000;

/** Nodes that found secrets give, and the credential of each by the fingerprint of the secret. */
export interface FoundCredentials {
  readonly identities: readonly Identity[];
  readonly edges: readonly Edge[];
  readonly byFingerprint: ReadonlyMap<string, string>;
  /** Secrets without a name of their own that got no node. */
  readonly unnamed: number;
}

/**
 * Makes a node for each found secret, and one for who it names. What a collector listed stays what it is: a secret that
 * opens a listed credential gets no second node, and a principal that is listed gets the credential.
 */
export function findCredentials(
  groups: readonly SecretGroup[],
  readers: readonly CredentialReader[],
  index: KeyIndex,
): FoundCredentials {
  const nodes: Nodes = { identities: [], edges: [], byFingerprint: new Map() };
  let unnamed = 0;
  for (const group of groups) {
    if (group.grade === 'placeholder') continue;
    const listed = listedBy(group, index);
    if (listed.some(({ identity }) => kindOfType(identity.type) === 'credential')) continue;
    const reading = readGroup(group, readers);
    if (!isNamed(reading, listed)) {
      unnamed += 1;
      if (unnamed > MOST_UNNAMED) continue;
    }
    addNodes(nodes, group, { reading, listed, index });
  }
  return { ...nodes, unnamed: Math.max(0, unnamed - MOST_UNNAMED) };
}

interface Nodes {
  readonly identities: Identity[];
  readonly edges: Edge[];
  readonly byFingerprint: Map<string, string>;
}

/** What is known of one secret when its nodes are made. */
interface Known {
  readonly reading: CredentialReading;
  readonly listed: readonly Listed[];
  readonly index: KeyIndex;
}

function addNodes({ identities, edges, byFingerprint }: Nodes, group: SecretGroup, known: Known): void {
  const { reading, listed, index } = known;
  const credential = credentialOf(group, reading);
  identities.push(credential);
  byFingerprint.set(group.fingerprint, credential.id);
  for (const { identity, confidence } of listed) edges.push(holding(identity.id, credential, confidence));
  for (const principal of listed.length > 0 ? [] : (reading.principals ?? [])) {
    const same = listedAs(principal, index);
    if (same.length === 0) identities.push(toIdentity(principal, {}, group));
    const [holder = principal, other] = same;
    // A name that several listed identities have is a hint only, and no reason for one more.
    if (other === undefined) edges.push(holding(holder.id, credential, principal.confidence));
  }
}

/** The first answer of a reader. Most passwords come without any fact: nobody is asked about them. */
function readGroup(group: SecretGroup, readers: readonly CredentialReader[]): CredentialReading {
  const isBare =
    group.keys.length === 0 && group.nearbyKeys.length === 0 && isEmpty(group.facts) && isEmpty(group.parts);
  if (isBare && group.rule.provider === 'generic') return NOTHING;
  return readers.map((reader) => reader.read(group)).find((answer) => answer !== undefined) ?? {};
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length === 0;
}

/** Whether the secret, its file or a list tells more than that it is there. */
function isNamed({ credential, principals = [], account }: CredentialReading, listed: readonly Listed[]): boolean {
  return credential !== undefined || principals.length > 0 || account !== undefined || listed.length > 0;
}

/** Id of the node of a secret that has no name of its own. */
export function credentialNode(fingerprint: string): string {
  return `credential:${fingerprint}`;
}

/** One answer for all that nothing is known of: there can be a hundred thousand. */
const NOTHING: CredentialReading = {};
const NONE: readonly Listed[] = [];

interface Listed {
  readonly identity: Identity;
  readonly confidence: EdgeConfidence;
}

/** Identities that a collector listed and that a key of the secret surely names. */
function listedBy({ keys }: SecretGroup, index: KeyIndex): readonly Listed[] {
  if (keys.length === 0) return NONE;
  const hits = keys.flatMap((key): Listed[] => {
    if (!identifies(key.kind)) return [];
    const named = index.find(key);
    const confidence = confidenceOfKey(key.kind, named.length);
    return confidence === 'inferred' ? [] : named.map((identity) => ({ identity, confidence }));
  });
  return hits.sort((a, b) => compareConfidence(a.confidence, b.confidence));
}

/** The listed identities that a principal is: by its id, else by its keys. */
function listedAs({ id, keys = [] }: NamedNode, index: KeyIndex): readonly Identity[] {
  const same = index.byId.get(id);
  if (same !== undefined) return [same];
  return [...new Set(keys.flatMap((key) => index.find(key)))].filter(({ type }) => kindOfType(type) === 'identity');
}

function holding(principal: string, credential: Identity, confidence: EdgeConfidence): Edge {
  return edgeOf(principal, 'has-credential', credential.id, confidence, credential.evidence.slice(0, 1));
}

function credentialOf(group: SecretGroup, reading: CredentialReading): Identity {
  const { rule, fingerprint } = group;
  const node: NamedNode = reading.credential ?? {
    id: credentialNode(fingerprint),
    type: rule.credential.type,
    provider: rule.provider,
    name: `${rule.title} ${fingerprint.slice(0, 8)}`,
  };
  const account = node.account ?? reading.account;
  const facts = { ...factsOf(group), ...reading.facts, ...node.facts };
  return toIdentity({ ...node, account }, facts, group);
}

/** What form, facts and places of the secret tell of the credential. */
function factsOf({ rule, facts, locations, environments }: SecretGroup): Readonly<Record<string, Json | undefined>> {
  const { type, privilege, environment } = rule.credential;
  const known = Object.entries(ATTRIBUTES).map(([fact, attribute]) => [attribute, facts[fact]] as const);
  return {
    authMethod: METHODS[type] ?? 'static_secret',
    storage: locations.some(isCurrent) ? 'plaintext_file' : 'git_history',
    privilegeClass: privilege?.why,
    environment: environment === 'test' ? 'test' : environments.length === 1 ? environments[0] : undefined,
    ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
  };
}

function toIdentity(
  { id, type, provider, name, account, keys = [], facts = {} }: NamedNode,
  more: Readonly<Record<string, Json | undefined>>,
  group: SecretGroup,
): Identity {
  const source = `rule ${group.rule.id}`;
  const { evidence, moreEvidence } = evidenceOf(group.locations, source);
  return {
    id: identityId(id),
    type,
    provider,
    name,
    ...defined({ account }),
    attributes: attributesOf({ ...facts, ...more }, source),
    keys,
    grants: [],
    evidence: evidence satisfies readonly Evidence[],
    ...defined({ moreEvidence }),
  };
}

function attributesOf(
  facts: Readonly<Record<string, Json | undefined>>,
  source: string,
): Readonly<Record<string, Attribute>> {
  const attributes: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) attributes[name] = { value, source };
  return attributes;
}
