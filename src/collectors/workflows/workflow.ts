import type { YamlDocument, YamlPath } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import { cloudIdentities } from '../shared/ci/roles.ts';
import { type Draft, type Drafts, type Facts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { readCheckouts } from './checkout.ts';
import { useLocal } from './local.ts';
import { isPrivilegedTrigger, readPermissions, tokenTier } from './permissions.ts';
import { staticPublishing } from './publish.ts';
import { containersWithLiteralPassword, readRunner } from './runners.ts';
import { dumpsSecrets, findParsedSecrets, findSecretNames, inheritsSecrets } from './secrets.ts';
import { evidenceOf, evidenceOfKey, locationAt, type Source } from './source.ts';
import { checksOutHead, isForeignAndUnpinned, staticCloudCredentials, stepsOf, unpinnedWithSecrets } from './steps.ts';
import { appTokenProblems, personalTokens, staticRegistryLogins } from './tokens.ts';

/** What jobs get from their workflow. */
interface Inherited {
  readonly permissions: readonly string[] | undefined;
  readonly triggers: readonly string[];
  readonly variables: Loose;
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
  const jobs = Object.entries(asObject(workflow['jobs']));
  setFacts(draft, { ...commonFacts(workflow), triggers, jobCount: jobs.length }, file.origin.path);
  setFacts(draft, { permissionsDeclared: permissions === undefined ? 'none' : 'workflow' }, file.origin.path);
  if (permissions !== undefined) addToken(draft, source, permissions, ['permissions']);
  for (const name of findSecretNames(workflow['env'])) useSecret(source, id, name, ['env']);
  const variables = asObject(workflow['env']);
  for (const [name, job] of jobs) addJob(source, name, asObject(job), { permissions, triggers, variables });
}

function addJob(source: Source, name: string, job: Loose, inherited: Inherited): void {
  const { drafts, file, repository } = source;
  const id = `${source.id}#${name}`;
  const path: YamlPath = ['jobs', name];
  const label = `${file.origin.path}#${name}`;
  const head = { id, type: 'workflow_job', provider: 'github', name: label, account: repository };
  const draft = drafts.identity(head, evidenceOfKey(source, path));
  const own = readPermissions(job['permissions']);
  const permissions = own ?? inherited.permissions;
  const declared = own !== undefined ? 'job' : permissions !== undefined ? 'workflow' : 'none';
  setFacts(
    draft,
    { ...commonFacts(job), ...jobFacts(job, inherited), ...stepFacts(job, inherited, permissions) },
    file.origin.path,
  );
  setFacts(draft, { permissionsDeclared: declared }, file.origin.path);
  if (permissions !== undefined)
    addToken(draft, source, permissions, own === undefined ? ['permissions'] : [...path, 'permissions']);
  for (const secret of findSecretNames(job)) useSecret(source, id, secret, path);
  useLocal(source, id, [job, ...stepsOf(job)], path);
  for (const key of cloudIdentities([job['env'], job['with'], job['steps']]))
    drafts.edge(id, 'can-assume', key, evidenceOf(source, path));
}

/** Facts that are read in the same way for a workflow and for a job. */
function commonFacts(part: Loose): Facts {
  return {
    usesSecrets: findSecretNames(part),
    dumpsSecrets: dumpsSecrets(part),
    parsedSecrets: findParsedSecrets(part),
    envSecrets: findSecretNames(part['env']).filter((name) => name !== 'GITHUB_TOKEN'),
  };
}

function jobFacts(job: Loose, { triggers }: Inherited): Facts {
  return {
    triggers,
    environment: environmentOf(job),
    inheritsSecrets: inheritsSecrets(job),
    literalSecrets: containersWithLiteralPassword(job),
    ...readRunner(job),
  };
}

function stepFacts(job: Loose, inherited: Inherited, permissions: readonly string[] | undefined): Facts {
  const steps = stepsOf(job);
  const variables = { ...inherited.variables, ...asObject(job['env']) };
  const federated = permissions?.some((name) => name === 'id-token:write' || name === '*:write') === true;
  return {
    staticCloudCredentials: staticCloudCredentials(steps, variables),
    checksOutPullRequestHead: isPrivilegedTrigger(inherited.triggers) && checksOutHead(steps),
    thirdPartyUnpinnedWithSecrets: [...calledWithSecrets(job), ...unpinnedWithSecrets(steps)],
    staticPublishing: staticPublishing(steps, federated),
    appTokenProblems: appTokenProblems(steps),
    ...readCheckouts(steps),
    ...storedTokenFacts(steps, variables, inherited.triggers),
  };
}

/** In a workflow that others call, a secret of any name may be their GITHUB_TOKEN. So nothing is known of it here. */
function storedTokenFacts(steps: readonly Loose[], variables: Loose, triggers: readonly string[]): Facts {
  if (triggers.includes('workflow_call')) return { persistsPersonalTokens: undefined };
  return { staticRegistryLogins: staticRegistryLogins(steps, variables), personalTokens: personalTokens(steps) };
}

/** A workflow of another repository that gets secrets by name or all of them, and is not pinned. */
function calledWithSecrets(job: Loose): readonly string[] {
  const uses = asText(job['uses']);
  if (uses === undefined || !isForeignAndUnpinned(uses)) return [];
  return inheritsSecrets(job) || findSecretNames([job['secrets'], job['with']]).length > 0 ? [uses] : [];
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
