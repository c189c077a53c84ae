import type { YamlDocument, YamlPath } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { type Draft, type Drafts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { isPrivilegedTrigger, readPermissions, tokenTier } from './permissions.ts';
import { dumpsSecrets, findSecretNames, inheritsSecrets } from './secrets.ts';
import { checksOutHead, staticCloudCredentials, stepsOf, unpinnedWithSecrets } from './steps.ts';

const COLLECTOR = 'workflows';

interface Source {
  readonly drafts: Drafts;
  readonly file: Artifact;
  readonly document: YamlDocument;
  readonly repository: string;
  readonly id: string;
}

/** Adds the identities of one workflow: the file and its jobs, with an edge to each secret that they use by name. */
export function addWorkflow(drafts: Drafts, file: Artifact, document: YamlDocument): void {
  const workflow = asObject(document.value);
  const repository = file.origin.repository ?? '';
  const id = `workflow:${repository}:${file.origin.path}`;
  const source: Source = { drafts, file, document, repository, id };
  const triggers = readTriggers(workflow);
  const head = { id, type: 'workflow', provider: 'github', name: file.origin.path, account: repository };
  const draft = drafts.identity(head, evidenceOf(source, []));
  const permissions = readPermissions(workflow['permissions']);
  setFacts(draft, { ...commonFacts(workflow), triggers }, file.origin.path);
  setFacts(draft, { permissionsDeclared: permissions === undefined ? 'none' : 'workflow' }, file.origin.path);
  if (permissions !== undefined) addToken(draft, source, permissions, ['permissions']);
  for (const name of findSecretNames(workflow['env'])) useSecret(source, id, name, ['env']);
  for (const [name, job] of Object.entries(asObject(workflow['jobs']))) {
    addJob(source, name, asObject(job), permissions, triggers);
  }
}

function addJob(
  source: Source,
  name: string,
  job: Loose,
  inherited: readonly string[] | undefined,
  triggers: readonly string[],
): void {
  const { drafts, file, repository } = source;
  const id = `${source.id}#${name}`;
  const path: YamlPath = ['jobs', name];
  const head = {
    id,
    type: 'workflow_job',
    provider: 'github',
    name: `${file.origin.path}#${name}`,
    account: repository,
  };
  const draft = drafts.identity(head, evidenceOf(source, path));
  const jobPermissions = readPermissions(job['permissions']);
  const effective = jobPermissions ?? inherited;
  const steps = stepsOf(job);
  setFacts(
    draft,
    {
      ...commonFacts(job),
      triggers,
      environment: environmentOf(job),
      permissionsDeclared: jobPermissions !== undefined ? 'job' : inherited !== undefined ? 'workflow' : 'none',
      inheritsSecrets: inheritsSecrets(job),
      staticCloudCredentials: staticCloudCredentials(steps),
      checksOutPullRequestHead: isPrivilegedTrigger(triggers) && checksOutHead(steps),
      thirdPartyUnpinnedWithSecrets: unpinnedWithSecrets(steps),
      selfHosted: asTexts(asObject(job['runs-on'])['labels'] ?? job['runs-on']).includes('self-hosted'),
    },
    file.origin.path,
  );
  if (effective !== undefined)
    addToken(draft, source, effective, jobPermissions === undefined ? ['permissions'] : [...path, 'permissions']);
  for (const secret of findSecretNames(job)) useSecret(source, id, secret, path);
}

/** Facts that are read in the same way for a workflow and for a job. */
function commonFacts(part: Loose): Record<string, readonly string[] | boolean> {
  return { usesSecrets: findSecretNames(part), dumpsSecrets: dumpsSecrets(part) };
}

function addToken(draft: Draft, source: Source, permissions: readonly string[], path: YamlPath): void {
  const { file } = source;
  setFacts(
    draft,
    { permissions, idTokenWrite: permissions.includes('id-token:write'), privilegeTier: tokenTier(permissions) },
    file.origin.path,
  );
  const location = locationAt(source, path);
  for (const permission of permissions) {
    const tier = tokenTier([permission]);
    draft.grants.push({ permission, resource: source.repository, tier, source: file.origin.path, location });
  }
}

function useSecret(source: Source, from: string, name: string, path: YamlPath): void {
  // GITHUB_TOKEN is made for each run. It is no stored secret.
  if (name === 'GITHUB_TOKEN') return;
  const key = { kind: 'github-secret', value: `${source.repository}:${name}` };
  source.drafts.edge(from, 'uses', key, evidenceOf(source, path));
}

function readTriggers(workflow: Loose): readonly string[] {
  // Readers of YAML 1.1 read the bare key `on` as true.
  const on = workflow['on'] ?? workflow['true'];
  if (typeof on === 'object' && on !== null && !Array.isArray(on)) return Object.keys(on).sort();
  return [...asTexts(asList(on))].sort();
}

function environmentOf(job: Loose): string | undefined {
  const { environment } = job;
  return asText(environment) ?? asText(asObject(environment)['name']);
}

function evidenceOf(source: Source, path: YamlPath): Evidence {
  return { collector: COLLECTOR, source: source.file.origin.path, location: locationAt(source, path) };
}

function locationAt(source: Source, path: YamlPath): NonNullable<Evidence['location']> {
  const { start } = source.document.place(path);
  const end = { line: start.line, column: start.column + 1 };
  return locationOf(COLLECTOR, source.file.origin, start, end);
}
