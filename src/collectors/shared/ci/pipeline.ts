import type { YamlDocument, YamlPath } from '../../../lib/yaml/read.ts';
import type { Artifact } from '../../../model/artifact.ts';
import type { Evidence } from '../../../model/identity.ts';
import { byId, type Drafts, type Facts, locationOf, setFacts } from '../identity-drafts.ts';
import { allTexts, asObject } from '../loose.ts';
import { cloudIdentities } from './roles.ts';

/** A file of a pipeline that is read. */
export interface PipelineFile {
  readonly drafts: Drafts;
  readonly file: Artifact;
  /** Id of the collector, and of the provider. */
  readonly collector: string;
  readonly provider: string;
  /** The 1-based place of a value. */
  place(path: YamlPath): { readonly line: number; readonly column: number };
  /** What the file says, where it is YAML. */
  readonly value?: unknown;
}

/** A credential that a pipeline names. Its value is in the provider's store. */
export interface NamedCredential {
  readonly type:
    | 'ci_variable'
    | 'ci_context'
    | 'service_connection'
    | 'secure_file'
    | 'jenkins_credential'
    | 'vault_secret';
  readonly name: string;
  /** Where the name is defined: `owner/name`, or the owner alone for what an organisation shares. */
  readonly scope: string;
}

/** Makes the file of a YAML document. */
export function yamlPipeline(
  drafts: Drafts,
  file: Artifact,
  document: YamlDocument,
  provider: string,
  collector: string,
): PipelineFile {
  const place = (path: YamlPath) => document.place(path, 'key').start;
  return { drafts, file, provider, collector, place, value: document.value };
}

/** Id of the identity that stands for a whole file, or for one of its jobs. */
export function pipelineId({ file: { origin }, provider }: PipelineFile, job?: string): string {
  const whole = `pipeline:${provider}:${origin.repository ?? ''}:${origin.path}`;
  return job === undefined ? whole : `${whole}#${job}`;
}

/** Adds a pipeline or a job with its facts, and edges to the cloud identities as which it says that it acts. */
export function addConsumer(
  source: PipelineFile,
  job: string | undefined,
  path: YamlPath,
  facts: Facts,
  acts: unknown,
): string {
  const { origin } = source.file;
  const id = pipelineId(source, job);
  const name = job === undefined ? origin.path : `${origin.path}#${job}`;
  const type = job === undefined ? 'pipeline' : 'pipeline_job';
  const head = { id, type, provider: source.provider, name, account: origin.repository };
  const evidence = evidenceAt(source, path);
  setFacts(source.drafts.identity(head, evidence), facts, origin.path);
  for (const key of cloudIdentities(acts)) source.drafts.edge(id, 'can-assume', key, evidence);
  return id;
}

/** Adds credentials that a consumer names below a path, each where it is first named, and an edge to each. */
export function useCredentials(
  source: PipelineFile,
  from: string,
  credentials: readonly NamedCredential[],
  path: YamlPath,
): void {
  const { provider, file } = source;
  const places = credentials.length === 0 ? new Map() : placesBelow(source.value, path);
  for (const { type, name, scope } of credentials) {
    const evidence = evidenceAt(source, places.get(name) ?? path);
    const owner = type === 'vault_secret' ? 'vault' : provider;
    const id = `${owner}:${type.replaceAll('_', '-')}:${scope === '' ? '' : `${scope}:`}${name}`;
    const draft = source.drafts.identity({ id, type, provider: owner, name, account: scope || undefined }, evidence);
    setFacts(draft, { storage: type === 'vault_secret' ? 'vault' : 'ci_secret' }, file.origin.path);
    source.drafts.edge(from, 'uses', byId(id), evidence);
  }
}

/** Every text below a path, and the words in it, with the path to the first that says so. */
function placesBelow(value: unknown, path: YamlPath): ReadonlyMap<string, YamlPath> {
  const part = path.reduce<unknown>((whole, key) => {
    if (Array.isArray(whole)) return whole[Number(key)];
    return asObject(whole)[key];
  }, value);
  const places = new Map<string, YamlPath>();
  for (const { text, path: inner } of allTexts(part, path)) {
    for (const words of [[text], text.split(/[^\w.-]+/), text.split(/\W+/)])
      for (const word of words) if (!places.has(word)) places.set(word, inner);
  }
  return places;
}

/** Evidence at the key of a value. */
export function evidenceAt(source: PipelineFile, path: YamlPath): Evidence {
  const start = source.place(path);
  const location = locationOf(source.collector, source.file.origin, start, { ...start, column: start.column + 1 });
  return { collector: source.collector, source: source.file.origin.path, location };
}
