import type { Collected } from '../contract.ts';
import { titleOf } from '../shared/api/endpoint.ts';
import { type ReadOptions, readEntries, readOne } from '../shared/api/read.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import * as endpoints from './endpoints/repository.ts';
import { describeDeployKey } from './identify/access.ts';
import type { People } from './identify/people.ts';
import {
  describeDependabotSecret,
  describeEnvironmentSecret,
  describeRepositorySecret,
  describeSharedSecret,
} from './identify/secrets.ts';
import { addOidc, describeHook, describeRepository, describeRunner, describeTokenPolicy } from './identify/settings.ts';
import type { Unit } from './run.ts';
import type { Environment, Repository } from './schema.ts';
import { scanVariables } from './variables.ts';

/** What the organisation has already told about a repository. */
export interface RepositorySetting {
  readonly people: People;
  /** The endpoint that named the repository. */
  readonly source: string;
  /** True if the organisation's secrets and their users are known, so that the repository need not be asked. */
  readonly sharedKnown: boolean;
  /** True: this is the only repository of the run. */
  readonly only: boolean;
}

interface Reading {
  readonly unit: Unit;
  readonly drafts: Drafts;
  readonly repository: Repository;
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: ReadOptions;
  readonly setting: RepositorySetting;
}

/** Reads everything about one repository. */
export async function collectRepository(unit: Unit, repository: Repository, setting: RepositorySetting): Promise<void> {
  const [owner = '', repo = ''] = repository.full_name.split('/');
  const options = { subject: repository.full_name, only: setting.only };
  const reading = { unit, drafts: new Drafts(), repository, parameters: { owner, repo }, options, setting };
  const draft = describeRepository(reading.drafts, repository, setting.source);
  await readAccess(reading);
  const secretsComplete = await readSecrets(reading);
  draft.attributes.set('secretsComplete', { value: secretsComplete, source: titleOf(endpoints.listRepositorySecrets) });
  await readDependabotSecrets(reading);
  await readVariables(reading);
  await readPolicies(reading);
  const oidc = await readOne(unit, endpoints.getRepositoryOidc, reading.parameters, options);
  if (oidc.entry !== undefined) addOidc(draft, oidc.entry, endpoints.getRepositoryOidc);
  for (const item of reading.drafts.collected()) unit.collected.push(withArchived(item, repository, setting.source));
}

/** Types that still work when their repository is archived. */
const OUTLIVING = new Set(['deploy_key', 'webhook', 'actions_secret', 'dependabot_secret']);

function withArchived(item: Collected, repository: Repository, source: string): Collected {
  if (item.kind !== 'identity' || !OUTLIVING.has(item.identity.type) || repository.archived === undefined) return item;
  const { attributes } = item.identity;
  if (attributes['level']?.value === 'organisation') return item;
  const archived = { value: repository.archived, source };
  return { ...item, identity: { ...item.identity, attributes: { ...attributes, archived } } };
}

async function readAccess({ unit, drafts, parameters, options, setting }: Reading): Promise<void> {
  const name = options.subject;
  const keys = await readEntries(unit, endpoints.listDeployKeys, parameters, options);
  for (const key of keys.entries) describeDeployKey(drafts, setting.people, name, key);
  const hooks = await readEntries(unit, endpoints.listRepositoryHooks, parameters, options);
  for (const hook of hooks.entries) describeHook(drafts, name, hook, endpoints.listRepositoryHooks);
  const runners = await readEntries(unit, endpoints.listRepositoryRunners, parameters, options);
  for (const runner of runners.entries)
    describeRunner(drafts, name, runner, undefined, endpoints.listRepositoryRunners);
}

/** Returns true if every secret that a workflow of the repository can use is known by name. */
async function readSecrets(reading: Reading): Promise<boolean> {
  const { unit, drafts, parameters, options, setting } = reading;
  const secrets = await readEntries(unit, endpoints.listRepositorySecrets, parameters, options);
  for (const secret of secrets.entries) describeRepositorySecret(drafts, options.subject, secret);
  const sharedWhole = setting.sharedKnown || (await readSharedSecrets(reading));
  const environments = await readEntries(unit, endpoints.listEnvironments, parameters, options);
  let whole = secrets.whole && sharedWhole && environments.whole;
  for (const environment of environments.entries) whole = (await readEnvironment(reading, environment)) && whole;
  return whole;
}

async function readSharedSecrets({ unit, drafts, parameters, options }: Reading): Promise<boolean> {
  const shared = await readEntries(unit, endpoints.listSharedSecrets, parameters, options);
  for (const secret of shared.entries) describeSharedSecret(drafts, options.subject, secret);
  return shared.whole;
}

async function readEnvironment(reading: Reading, environment: Environment): Promise<boolean> {
  const { unit, drafts, options } = reading;
  const parameters = { ...reading.parameters, environment: environment.name };
  const inside = { ...options, subject: `${options.subject} (${environment.name})` };
  const secrets = await readEntries(unit, endpoints.listEnvironmentSecrets, parameters, inside);
  for (const secret of secrets.entries) describeEnvironmentSecret(drafts, options.subject, environment, secret);
  const variables = await readEntries(unit, endpoints.listEnvironmentVariables, parameters, inside);
  const owner = `${options.subject}/environments/${environment.name}`;
  unit.collected.push(...scanVariables(variables.entries, { owner, repository: options.subject }));
  return secrets.whole;
}

async function readDependabotSecrets({ unit, drafts, parameters, options }: Reading): Promise<void> {
  const secrets = await readEntries(unit, endpoints.listDependabotSecrets, parameters, options);
  for (const secret of secrets.entries) describeDependabotSecret(drafts, options.subject, secret);
}

async function readVariables({ unit, parameters, options }: Reading): Promise<void> {
  const variables = await readEntries(unit, endpoints.listRepositoryVariables, parameters, options);
  const place = { owner: options.subject, repository: options.subject };
  unit.collected.push(...scanVariables(variables.entries, place));
}

async function readPolicies({ unit, drafts, parameters, options }: Reading): Promise<void> {
  const workflow = await readOne(unit, endpoints.getRepositoryWorkflowPermissions, parameters, options);
  const actions = await readOne(unit, endpoints.getRepositoryActionsPermissions, parameters, options);
  describeTokenPolicy(drafts, options.subject, workflow.entry, actions.entry);
}
