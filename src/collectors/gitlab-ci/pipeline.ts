import {
  addConsumer,
  evidenceAt,
  type NamedCredential,
  type PipelineFile,
  useCredentials,
} from '../shared/ci/pipeline.ts';
import { deploys } from '../shared/ci/scripts.ts';
import { readSecretUse } from '../shared/ci/secrets.ts';
import type { Facts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { readIncludes } from './includes.ts';
import { jobsOf, resolveJob, type Templates } from './templates.ts';
import { triggersOf } from './triggers.ts';
import { storedSecrets } from './vault.ts';

/** What jobs get from their file. */
interface Outer {
  readonly variables: Loose;
  readonly defaults: Loose;
  readonly workflow: Loose;
}

/** Adds the pipeline of a file and its jobs. */
export function addPipeline(source: PipelineFile, file: Loose, templates: Templates): void {
  const variables = asObject(file['variables']);
  const use = readSecretUse({ scripts: [], variables });
  const facts = { ...use.facts, ...readIncludes(file['include']), debugTrace: tracesAll(variables) };
  const id = addConsumer(source, undefined, [], facts, variables);
  useCredentials(source, id, asVariables(source, use.names), ['variables']);
  const outer = {
    variables,
    defaults: { ...file, ...asObject(file['default']) },
    workflow: asObject(file['workflow']),
  };
  for (const [name, job] of jobsOf(file)) addJob(source, name, resolveJob(job, templates), outer);
}

function addJob(source: PipelineFile, name: string, job: Loose, outer: Outer): void {
  const scripts = scriptsOf(job, outer.defaults);
  const variables = asObject(job['variables']);
  const stored = storedSecrets(asObject(job['secrets'] ?? outer.defaults['secrets']));
  const use = readSecretUse({ scripts, variables, outer: outer.variables });
  const own = new Set(Object.keys(asObject(job['secrets'])));
  const names = use.names.filter((secret) => !own.has(secret) && !isTokenName(job, outer, secret));
  const facts = {
    ...use.facts,
    usesSecrets: [...names, ...stored.names].sort(),
    ...jobFacts(job, outer, scripts),
    debugTrace: tracesAll(variables),
  };
  const id = addConsumer(source, name, [name], facts, [job['variables'], scripts, outer.variables]);
  useCredentials(source, id, [...asVariables(source, names), ...stored.credentials], [name]);
  for (const value of stored.arns)
    source.drafts.edge(id, 'uses', { kind: 'aws-arn', value }, evidenceAt(source, [name]));
}

function jobFacts(job: Loose, outer: Outer, scripts: readonly string[]): Facts {
  return {
    triggers: triggersOf(job, outer.workflow),
    environment: asText(job['environment']) ?? asText(asObject(job['environment'])['name']),
    idTokenWrite: Object.keys(tokensOf(job, outer)).length > 0,
    deploys: deploys(scripts),
    usesJobJwt: [...scripts, JSON.stringify([job['variables'], job['secrets']])].some((text) =>
      /\bCI_JOB_JWT\b|\bCI_JOB_JWT_V[12]\b/.test(text),
    ),
  };
}

function scriptsOf(job: Loose, defaults: Loose): readonly string[] {
  const parts = [
    job['before_script'] ?? defaults['before_script'],
    job['script'],
    job['after_script'] ?? defaults['after_script'],
  ];
  // `!reference` gives a list of names inside the list; what it points at is read where it stands.
  return parts.flatMap(asTexts);
}

function tokensOf(job: Loose, outer: Outer): Loose {
  return asObject(job['id_tokens'] ?? outer.defaults['id_tokens']);
}

/** Identity tokens are made for each job. They are no stored secrets. */
function isTokenName(job: Loose, outer: Outer, name: string): boolean {
  return name in tokensOf(job, outer);
}

function asVariables({ file }: PipelineFile, names: readonly string[]): readonly NamedCredential[] {
  return names.map((name) => ({ type: 'ci_variable', name, scope: file.origin.repository ?? '' }));
}

/** With this variable the log of a job shows every variable. */
function tracesAll(variables: Loose): boolean {
  const value = variables['CI_DEBUG_TRACE'];
  return /^(?:true|1)$/i.test(asText(value) ?? asText(asObject(value)['value']) ?? '');
}
