import { addConsumer, type NamedCredential, type PipelineFile, useCredentials } from '../shared/ci/pipeline.ts';
import { deploys } from '../shared/ci/scripts.ts';
import { readSecretUse } from '../shared/ci/secrets.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { connectionsOf, exposesConnection } from './connections.ts';
import { type AzureJob, groupsOf, isDeployment, jobsOf, variablesOf } from './jobs.ts';

/** A pipeline or template has one of these. Other files may lie beside it. */
const PARTS = ['stages', 'jobs', 'steps', 'extends', 'variables'];
const VERSION = /^refs\/tags\/|^[0-9a-f]{40}$/;
/** Tasks that change a running system. */
const DEPLOYING =
  /^(?:AzureWebApp(?:Container)?|AzureFunctionApp(?:Container)?|AzureRmWebAppDeployment|AzureResourceManagerTemplateDeployment|AzureResourceGroupDeployment|HelmDeploy|KubernetesManifest|ServiceFabricDeploy|AzureStaticWebApp|AzureSpringCloud)@/i;

/** Adds the pipeline of a file and its jobs. */
export function addPipeline(source: PipelineFile, file: Loose): void {
  if (!PARTS.some((part) => part in file) || 'apiVersion' in file) return;
  const scope = source.file.origin.repository ?? '';
  const variables = variablesOf(file['variables']);
  const use = readSecretUse({ scripts: [], variables: asMap(variables) });
  const triggers = triggersOf(file);
  const id = addConsumer(source, undefined, [], { ...use.facts, ...resourcesOf(file), triggers }, asMap(variables));
  const groups = groupsOf(variables).map((name): NamedCredential => ({ type: 'ci_context', name, scope }));
  useCredentials(source, id, groups, ['variables']);
  for (const job of jobsOf(file)) addJob(source, job, asMap(variables), triggers);
}

function addJob(source: PipelineFile, job: AzureJob, outer: Loose, triggers: readonly string[]): void {
  const { steps, fields, path } = job;
  const scope = source.file.origin.repository ?? '';
  const scripts = steps.flatMap(scriptsOf);
  const variables = asMap(job.variables);
  const use = readSecretUse({ scripts, variables, outer, more: steps.map((step) => [step['env'], step['inputs']]) });
  const connections = connectionsOf(steps, scope);
  const groups = groupsOf(job.variables).map((name): NamedCredential => ({ type: 'ci_context', name, scope }));
  const named = use.names.map((name): NamedCredential => ({ type: 'ci_variable', name, scope }));
  const used = [...connections, ...groups, ...named];
  const facts = {
    ...use.facts,
    usesSecrets: [...new Set(used.map(({ name }) => name))].sort(),
    triggers,
    environment: environmentOf(fields),
    deploys: deploys(scripts) || steps.some((step) => DEPLOYING.test(asText(step['task']) ?? '')),
    exposesConnection: exposesConnection(steps),
    persistsCheckoutToken: steps.some(keepsToken),
  };
  useCredentials(source, addConsumer(source, job.name, path, facts, [scripts, variables]), used, path);
}

function scriptsOf(step: Loose): readonly string[] {
  const inputs = asObject(step['inputs']);
  const parts = [
    step['script'],
    step['bash'],
    step['pwsh'],
    step['powershell'],
    inputs['inlineScript'],
    inputs['script'],
  ];
  return parts.flatMap((part) => asText(part) ?? []);
}

/** A checkout keeps its token only if it is told so. */
function keepsToken(step: Loose): boolean {
  return step['checkout'] !== undefined && /^true$/i.test(asText(step['persistCredentials']) ?? '');
}

function environmentOf(fields: Loose): string | undefined {
  if (!isDeployment(fields)) return undefined;
  return asText(fields['environment']) ?? asText(asObject(fields['environment'])['name']);
}

/** `pr:` says which pull requests start a pipeline. Where it is absent, a setting outside of the file decides. */
function triggersOf(file: Loose): readonly string[] {
  const { pr, trigger } = file;
  const pull = pr === undefined || pr === 'none' ? [] : ['merge_request'];
  return [...pull, ...(trigger === 'none' ? [] : ['push'])];
}

/** Repositories whose templates a pipeline may take, and that no tag or commit fixes. */
function resourcesOf(file: Loose): Readonly<Record<string, readonly string[]>> {
  const repositories = asList(asObject(file['resources'])['repositories']).map(asObject);
  const floating = repositories.filter(({ ref }) => !VERSION.test(asText(ref) ?? ''));
  const names = floating.map(({ name, ref }) => `${asText(name) ?? 'repository'}@${asText(ref) ?? 'default branch'}`);
  return { unpinnedIncludes: [...new Set(names)].sort() };
}

function asMap(variables: readonly Loose[]): Loose {
  return Object.fromEntries(variables.flatMap(({ name, value }) => [[asText(name) ?? '', value]]));
}
