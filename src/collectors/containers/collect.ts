import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import type { DeclaredItem } from '../contract.ts';
import { addOwners } from '../shared/aws-principal.ts';
import { blankComments } from '../shared/blank-comments.ts';
import { byId, type Draft, Drafts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText } from '../shared/loose.ts';
import { type PlacedDocument, readPlaced } from '../shared/placed-documents.ts';
import { readImage } from './image.ts';
import { environmentOf, kindOf } from './kinds.ts';
import { readDevcontainer, readService } from './services.ts';

const SCOPE = 'declarations';
const COLLECTOR = 'containers';
const LARGEST = 1024 * 1024;

/** Reads images, services and development containers. */
export async function* collectContainers(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  const shared = new Map<string, Set<string>>();
  for (const file of files) {
    const gaps = kindOf(file.origin.path) === 'image' ? addImage(drafts, file) : await addTree(drafts, file, shared);
    for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
  }
  yield* drafts.collected();
}

function addImage(drafts: Drafts, { origin, bytes }: Artifact): readonly Gap[] {
  const { path: subject, repository = '' } = origin;
  if (bytes.length > LARGEST)
    return [
      { reason: 'too-large', subject, message: `${subject}: more than ${LARGEST} bytes of a Dockerfile were not read` },
    ];
  const { facts, maintainers, cut } = readImage(Buffer.from(bytes).toString('utf8'));
  const start = { line: 1, column: 1 };
  const evidence = { collector: COLLECTOR, source: subject, location: locationOf(COLLECTOR, origin, start, start) };
  const id = `dockerfile:${repository}:${subject}`;
  const draft = drafts.identity(
    { id, type: 'container_image', provider: 'docker', name: subject, account: repository },
    evidence,
  );
  setFacts(draft, { ...facts, environment: environmentOf(subject) }, subject);
  for (const maintainer of maintainers) addOwners(drafts, draft, { maintainer }, evidence);
  return cut
    ? [{ reason: 'limit', subject, message: `${subject}: too many lines; the first were read for credentials` }]
    : [];
}

type Shared = Map<string, Set<string>>;

async function addTree(drafts: Drafts, file: Artifact, shared: Shared): Promise<readonly Gap[]> {
  const isCompose = kindOf(file.origin.path) === 'compose';
  const bytes = isCompose ? file.bytes : Buffer.from(blankComments(Buffer.from(file.bytes).toString('utf8')));
  const { documents, gaps } = await readPlaced(COLLECTOR, { origin: file.origin, bytes });
  for (const document of documents) {
    if (isCompose) addServices(drafts, document, shared);
    else
      addContainer(
        drafts,
        document,
        { id: `devcontainer:${document.repository}:${document.path}`, name: document.path },
        document.evidence([]),
      );
  }
  return gaps;
}

interface Head {
  readonly id: string;
  readonly name: string;
}

function addContainer(drafts: Drafts, document: PlacedDocument, head: Head, evidence: Evidence): Draft {
  const { path, repository, value } = document;
  const draft = drafts.identity(
    { ...head, type: 'container_service', provider: 'docker', account: repository },
    evidence,
  );
  if (kindOf(path) === 'devcontainer')
    setFacts(draft, { ...readDevcontainer(value), environment: 'development' }, path);
  return draft;
}

function addServices(drafts: Drafts, document: PlacedDocument, shared: Shared): void {
  const { path, repository, value } = document;
  for (const [name, item] of Object.entries(asObject(value['services']))) {
    const service = asObject(item);
    const evidence = document.evidence(['services', name]);
    const draft = addContainer(drafts, document, { id: `compose:${repository}:${path}#${name}`, name }, evidence);
    setFacts(draft, { ...readService(service), environment: environmentOf(path) }, path);
    addSecrets(drafts, draft, document, name, service['secrets']);
    for (const { file, at } of envFiles(service['env_file'])) {
      const place = document.evidence(['services', name, 'env_file', ...at]);
      addEnvFile(drafts, draft, { document, evidence: place, shared }, file);
    }
  }
}

/**
 * Secrets that Compose mounts: `external` ones stand in the store of the engine. The place of one that another file
 * declares is where the service names it.
 */
function addSecrets(drafts: Drafts, service: Draft, document: PlacedDocument, owner: string, used: unknown): void {
  const declared = asObject(document.value['secrets']);
  for (const [index, item] of asList(used).entries()) {
    const name = asText(item) ?? asText(asObject(item)['source']);
    if (name === undefined || name === '') continue;
    const secret = asObject(declared[name]);
    const use = ['services', owner, 'secrets', ...(Array.isArray(used) ? [index] : [])];
    const evidence = document.evidence(Object.hasOwn(declared, name) ? ['secrets', name] : use);
    const id = `compose:${document.repository}:${document.path}#secrets/${name}`;
    const draft = drafts.identity(
      { id, type: 'container_secret', provider: 'docker', name, account: document.repository },
      evidence,
    );
    const external = secret['external'] === true || Object.keys(asObject(secret['external'])).length > 0;
    setFacts(draft, { storage: external ? 'vault' : undefined }, document.path);
    drafts.edge(service.id, 'uses', byId(id), evidence);
  }
}

/** The files of a service, each with the path that leads to it inside of `env_file`. */
function envFiles(value: unknown): readonly { readonly file: string; readonly at: readonly (string | number)[] }[] {
  return asList(value).flatMap((item, index) => {
    const file = asText(item) ?? asText(asObject(item)['path']);
    return file === undefined ? [] : [{ file, at: Array.isArray(value) ? [index] : [] }];
  });
}

interface Use {
  readonly document: PlacedDocument;
  readonly evidence: Evidence;
  readonly shared: Shared;
}

/** A file of variables, with the environments of the Compose files that use it. */
function addEnvFile(drafts: Drafts, service: Draft, { document, evidence, shared }: Use, file: string): void {
  const resolved = resolve(document.path, file);
  if (resolved === undefined) return;
  const id = `env-file:${document.repository}:${resolved}`;
  const draft = drafts.identity(
    { id, type: 'env_file', provider: 'docker', name: resolved, account: document.repository },
    evidence,
  );
  drafts.edge(service.id, 'uses', byId(id), evidence);
  const environments = shared.get(id) ?? new Set<string>();
  shared.set(id, environments);
  const environment = environmentOf(document.path);
  if (environment === undefined) return;
  environments.add(environment);
  setFacts(draft, { environments: [...environments].sort() }, document.path);
}

/** A path beside the file that names it. What is elsewhere, or holds a variable, is not known. */
function resolve(from: string, file: string): string | undefined {
  if (file === '' || file.includes('$') || file.startsWith('/')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of file.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
