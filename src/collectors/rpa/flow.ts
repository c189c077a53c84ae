import { byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';

/** True for the definition of a flow, as a solution or a package holds it. */
export function isFlow(value: Loose): boolean {
  const properties = asObject(value['properties']);
  const schema = asText(asObject(properties['definition'])['$schema']) ?? '';
  return properties['connectionReferences'] !== undefined && /Microsoft\.Logic/i.test(schema);
}

/** Adds a flow: the connections as which it acts, and whether anybody may start it. */
export function addFlow(drafts: Drafts, document: PlacedDocument): void {
  const { value, path, repository } = document;
  const properties = asObject(value['properties']);
  const id = `rpa:${repository}:${path}`;
  const name = asText(properties['displayName']) ?? asText(value['name']) ?? path;
  const evidence = document.evidence(['properties', 'definition']);
  const head = { id, type: 'rpa_bot', provider: 'power-automate', name: name.slice(0, 200), account: repository };
  const connections = Object.entries(asObject(properties['connectionReferences']));
  const triggers = Object.values(asObject(asObject(properties['definition'])['triggers'])).map(asObject);
  const facts = { publicAccess: startedByAnybody(triggers) };
  setFacts(drafts.identity(head, evidence), facts, path);
  for (const [key, entry] of connections) addConnection(drafts, document, id, key, asObject(entry));
}

/** A trigger by request is open to whoever has its address, unless it says who may call. */
function startedByAnybody(triggers: readonly Loose[]): boolean | undefined {
  const requests = triggers.filter(
    (trigger) => /^Request$/i.test(asText(trigger['type']) ?? '') && /^Http$/i.test(asText(trigger['kind']) ?? ''),
  );
  if (requests.length === 0) return triggers.length === 0 ? undefined : false;
  const modes = requests.map((trigger) => asText(asObject(trigger['inputs'])['triggerAuthenticationType']));
  if (modes.includes('All')) return true;
  return modes.every((mode) => mode !== undefined) ? false : undefined;
}

/** A connection is a stored login. `embedded`: that of the maker is used, whoever starts the flow. */
function addConnection(drafts: Drafts, document: PlacedDocument, flow: string, key: string, entry: Loose): void {
  const { repository, path } = document;
  const api = asText(asObject(entry['api'])['name']) ?? asText(entry['apiName']) ?? key;
  const logical =
    asText(asObject(entry['connection'])['connectionReferenceLogicalName']) ?? asText(entry['connectionName']) ?? key;
  const evidence = document.evidence(['properties', 'connectionReferences', key]);
  const id = `power-automate:connection:${repository}:${logical.slice(0, 300)}`;
  const name = `${api} ${logical}`.slice(0, 300);
  const source = asText(entry['runtimeSource']);
  const head = { id, type: 'rpa_asset', provider: 'power-automate', name, account: repository };
  const draft = drafts.identity(head, evidence);
  // The login of the maker is that of a person, unless the connection says that it is one of a program.
  setFacts(draft, { storage: 'vault', makersLogin: source === undefined ? undefined : source === 'embedded' }, path);
  drafts.edge(flow, 'uses', byId(id), evidence);
}
