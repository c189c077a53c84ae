import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import type { DeclaredItem } from '../contract.ts';
import { byId, type Draft, Drafts, type Facts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { type PlacedDocument, readPlaced } from '../shared/placed-documents.ts';
import { isKeyFile, MARKS } from './kinds.ts';
import { readStoreObject, type StoreObject } from './objects.ts';
import { readSops, readSopsRules, vaultedNames } from './sops.ts';

const SCOPE = 'declarations';
const COLLECTOR = 'encrypted-stores';

/** Reads encrypted files, objects of Kubernetes, and references to stores. */
export async function* collectStores(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    if (addWhole(drafts, file)) continue;
    for (const gap of await addDocuments(drafts, file)) yield { kind: 'gap', scope: SCOPE, gap };
  }
  yield* drafts.collected();
}

type Type = 'encrypted_file' | 'secret_store';

function add(drafts: Drafts, file: Artifact, type: Type, facts: Facts, provider: string): Draft {
  const { path, repository = '' } = file.origin;
  const start = { line: 1, column: 1 };
  const evidence: Evidence = {
    collector: COLLECTOR,
    source: path,
    location: locationOf(COLLECTOR, file.origin, start, start),
  };
  const id = `${type === 'encrypted_file' ? 'encrypted-file' : 'secret-store'}:${repository}:${path}`;
  const draft = drafts.identity({ id, type, provider, name: path, account: repository }, evidence);
  setFacts(draft, facts, path);
  return draft;
}

/** Files that are told by their first bytes or their name. Returns true where nothing else is to be read. */
function addWhole(drafts: Drafts, file: Artifact): boolean {
  const { path } = file.origin;
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
  const start = bytes.subarray(0, 16).toString('latin1');
  const encrypted = { storage: 'encrypted_file' };
  if (start.startsWith('$ANSIBLE_VAULT;')) add(drafts, file, 'encrypted_file', encrypted, 'ansible');
  else if (/\.kdbx$/i.test(path)) add(drafts, file, 'encrypted_file', encrypted, 'keepass');
  else if (isKeyFile(path)) addKey(drafts, file, bytes.toString('utf8', 0, 4096));
  else if (path.endsWith('.gitattributes')) addFilter(drafts, file, bytes.toString('utf8'));
  else
    return path.endsWith('mapping.cfg') ? add(drafts, file, 'secret_store', encrypted, 'git-secret').id !== '' : false;
  return true;
}

/** A password that opens encrypted files stands beside them. A script that fetches it is what should be there. */
function addKey(drafts: Drafts, file: Artifact, text: string): void {
  const literal = text.trim() !== '' && !text.startsWith('#!') && !/\{\{|\$\{|^\s*</.test(text);
  if (literal) add(drafts, file, 'secret_store', { storage: 'plaintext_file', keyInRepository: true }, 'ansible');
}

function addFilter(drafts: Drafts, file: Artifact, text: string): void {
  const lines = text.split('\n').filter((line) => /^[^#\s].*\sfilter=(?:git-crypt|crypt|git-agecrypt)\b/.test(line));
  const secretNames = lines.map((line) => line.split(/\s/, 1)[0] ?? '').slice(0, 100);
  if (lines.length > 0) add(drafts, file, 'secret_store', { storage: 'encrypted_file', secretNames }, 'git-crypt');
}

async function addDocuments(drafts: Drafts, file: Artifact): Promise<readonly Gap[]> {
  const { path } = file.origin;
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('latin1');
  const reference = /(?:^|\/)(?:doppler\.ya?ml|\.infisical\.json|\.sops\.ya?ml|\.ageboxreg\.yml)$/.test(path);
  if (!reference && !MARKS.some((mark) => text.includes(mark))) return [];
  const names = vaultedNames(text);
  if (names.length > 0)
    add(drafts, file, 'encrypted_file', { storage: 'encrypted_file', secretNames: names }, 'ansible');
  const { documents, gaps } = await readPlaced(COLLECTOR, file);
  for (const document of documents) {
    if (reference) addReference(drafts, file, document.value);
    else addDocument(drafts, file, document);
  }
  // Templates and objects that cannot be read are gaps of those who read all of Kubernetes.
  return reference || /^sops:|"sops":/m.test(text) ? gaps : [];
}

function addReference(drafts: Drafts, file: Artifact, value: Loose): void {
  const { path } = file.origin;
  if (/\.sops\.ya?ml$/.test(path)) add(drafts, file, 'secret_store', readSopsRules(value), 'sops');
  else if (path.endsWith('.ageboxreg.yml')) add(drafts, file, 'secret_store', { storage: 'encrypted_file' }, 'agebox');
  else {
    const setup = Array.isArray(value['setup']) ? asObject(value['setup'][0]) : asObject(value['setup']);
    const name = asText(setup['config']) ?? asText(value['defaultEnvironment']) ?? '';
    add(
      drafts,
      file,
      'secret_store',
      { storage: 'vault', environment: environmentOf(name) },
      /infisical/.test(path) ? 'infisical' : 'doppler',
    );
  }
}

function environmentOf(name: string): string | undefined {
  if (/^(?:prd|prod|production|live)(?:$|[_-])/i.test(name)) return 'production';
  if (/^(?:stg|stage|staging)(?:$|[_-])/i.test(name)) return 'staging';
  return /^(?:dev|development|local)(?:$|[_-])/i.test(name) ? 'development' : undefined;
}

function addDocument(drafts: Drafts, file: Artifact, document: PlacedDocument): void {
  const sops = readSops(document.value);
  if (sops !== undefined) add(drafts, file, 'encrypted_file', sops, 'sops');
  const object = readStoreObject(document.value);
  if (object !== undefined) addObject(drafts, document, object);
}

function addObject(
  drafts: Drafts,
  document: PlacedDocument,
  { type, kind, name, namespace, facts, store }: StoreObject,
): void {
  const { path, repository } = document;
  const evidence = document.evidence(['metadata', 'name']);
  const id = objectId(repository, namespace, kind, name);
  const draft = drafts.identity(
    { id, type, provider: 'kubernetes', name: `${kind}/${name}`, account: repository },
    evidence,
  );
  setFacts(draft, facts, path);
  if (store !== undefined)
    drafts.edge(id, 'uses', byId(objectId(repository, namespace, store.kind, store.name)), evidence);
}

function objectId(repository: string, namespace: string, kind: string, name: string): string {
  return `kubernetes:${repository}:${kind.startsWith('Cluster') ? '' : namespace}:${kind.toLowerCase()}/${name}`;
}
