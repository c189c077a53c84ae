import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';

const ID = /^spiffe:\/\/([\w.-]{1,255})(\/[\w.{}/ -]{0,1800})?$/;
const HOUR = 3600;
/** Selectors that many workloads fit: a whole namespace, a node, every program of a user of the system. */
const WIDE = /^(?:k8s:(?:ns|node-name|cluster)|k8s_psat:[\w-]+|unix:(?:uid|gid|user|group)|docker:env)$/;

/** Adds the entries that `spire-server entry show -output json` prints, or `entry create -data` takes. */
export function addEntries(drafts: Drafts, document: PlacedDocument): boolean {
  let known = false;
  for (const [index, item] of asList(document.value['entries']).entries()) {
    const entry = asObject(item);
    const id = idOf(entry['spiffe_id'] ?? entry['spiffeId']);
    if (id === undefined) continue;
    known = true;
    addEntry(drafts, document, entry, id, index);
  }
  return known;
}

/** An id is a text, or a trust domain and a path. */
function idOf(value: unknown): string | undefined {
  const parts = asObject(value);
  const [domain, path] = [asText(parts['trust_domain']), asText(parts['path'])];
  const text = asText(value) ?? (domain === undefined ? undefined : `spiffe://${domain}${path ?? ''}`);
  return text !== undefined && ID.test(text) ? text : undefined;
}

function addEntry(drafts: Drafts, document: PlacedDocument, entry: Loose, id: string, index: number): void {
  const evidence = document.evidence(['entries', index]);
  const place = `${document.path}:${evidence.location?.startLine ?? 1}`;
  const selectors = asList(entry['selectors']).map(selectorOf);
  const seconds = Number(asText(entry['x509_svid_ttl'] ?? entry['ttl']) ?? '');
  const head = {
    id,
    type: 'spiffe_identity',
    provider: 'spiffe',
    name: id.replace('spiffe://', ''),
    account: domainOf(id),
  };
  const draft = drafts.identity(head, evidence);
  const facts = {
    authMethod: 'certificate',
    tokenHours: seconds > 0 ? seconds / HOUR : undefined,
    anyWorkload: selectors.length === 0 ? undefined : selectors.every(({ kind }) => WIDE.test(kind)),
    ...adminFacts(entry, place),
  };
  setFacts(draft, facts, document.path);
  addKey(draft, 'spiffe-id', id);
  const of = (kind: string): string | undefined => selectors.find((selector) => selector.kind === kind)?.value;
  const [namespace, account] = [of('k8s:ns'), of('k8s:sa')];
  if (namespace === undefined || account === undefined) return;
  drafts.edge(
    id,
    'can-assume',
    { kind: 'kubernetes-service-account', value: `${namespace}:${account}` },
    evidence,
    true,
  );
}

/** Whoever has an identity of an administrator changes every entry of the server, so it can become anybody. */
function adminFacts(entry: Loose, place: string): Readonly<Record<string, number | string[]>> {
  if (entry['admin'] !== true) return {};
  return {
    privilegeTier: 0,
    tierReasons: [`may change every entry of the SPIRE server (admin, ${place})`],
    escalationActions: ['spire:admin'],
  };
}

interface Selector {
  readonly kind: string;
  readonly value: string;
}

/** `{type: k8s, value: "ns:shop"}`, or `k8s:ns:shop` as text. */
function selectorOf(selector: unknown): Selector {
  const parts = asObject(selector);
  const text = asText(selector) ?? `${asText(parts['type']) ?? ''}:${asText(parts['value']) ?? ''}`;
  const [type = '', name = '', ...rest] = text.split(':');
  return { kind: `${type}:${name}`, value: rest.join(':') };
}

function domainOf(id: string): string {
  return ID.exec(id)?.[1] ?? '';
}

/** Adds what tells the controller of SPIRE to make entries: for pods that fit, or one by its id. */
export function addSpireObject(drafts: Drafts, document: PlacedDocument, kind: string): void {
  const metadata = asObject(document.value['metadata']);
  const spec = asObject(document.value['spec']);
  const name = asText(metadata['name']) ?? '';
  const evidence = document.evidence(['spec']);
  const place = `${document.path}:${evidence.location?.startLine ?? 1}`;
  const written = asText(spec['spiffeID']);
  const id =
    written !== undefined && ID.test(written)
      ? written
      : `kubernetes:${document.repository}:*:${kind.toLowerCase()}/${name}`;
  const draft = drafts.identity(
    { id, type: 'spiffe_identity', provider: 'spiffe', name, account: document.repository },
    evidence,
  );
  const selects = ['podSelector', 'namespaceSelector', 'workloadSelectorTemplates'].some(
    (field) => !isEmpty(spec[field]),
  );
  const facts = {
    authMethod: 'certificate',
    tokenHours: hoursOf(asText(spec['ttl'])),
    anyWorkload: kind === 'ClusterSPIFFEID' ? !selects : undefined,
    ...adminFacts(spec, place),
  };
  setFacts(draft, facts, document.path);
  if (id === written) addKey(draft, 'spiffe-id', id);
}

function isEmpty(value: unknown): boolean {
  return asTexts(value).length === 0 && Object.keys(asObject(value)).length === 0;
}

/** `1h`, `90m`, `1h30m0s`. */
function hoursOf(text: string | undefined): number | undefined {
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/.exec(text ?? '') ?? [];
  const all = Number(hours) + Number(minutes) / 60 + Number(seconds) / HOUR;
  return all > 0 ? all : undefined;
}
