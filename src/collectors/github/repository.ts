import { defined } from '../../lib/fields/defined.ts';
import type { Collected } from '../contract.ts';
import { titleOf } from '../shared/api/endpoint.ts';
import { readEntries, readOne } from '../shared/api/read.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { listAgentVariables } from './endpoints/agents.ts';
import * as endpoints from './endpoints/repository.ts';
import { SECRET_STORES } from './endpoints/stores.ts';
import { describeDeployKey } from './identify/access.ts';
import {
  describeEnvironmentSecret,
  describeRepositorySecret,
  describeSharedSecret,
  describeStoredSecret,
} from './identify/secrets.ts';
import { addOidc, describeHook, describeRepository, describeRunner, describeTokenPolicy } from './identify/settings.ts';
import type { RepositoryReading as Reading, RepositorySetting } from './reading.ts';
import { readReview, readSafety } from './repository-safety.ts';
import type { Unit } from './run.ts';
import type { Environment, Repository } from './schema.ts';
import { scanVariables } from './variables.ts';

/** Reads everything about one repository. */
export async function collectRepository(unit: Unit, repository: Repository, setting: RepositorySetting): Promise<void> {
  const [owner = '', repo = ''] = repository.full_name.split('/');
  const options = { subject: repository.full_name, only: setting.only };
  const reading = { unit, drafts: new Drafts(), repository, parameters: { owner, repo }, options, setting };
  const draft = describeRepository(reading.drafts, repository, setting.source);
  const reviewRequired = await readReview(reading, draft);
  await readAccess(reading, reviewRequired);
  const secretsComplete = await readSecrets(reading);
  draft.attributes.set('secretsComplete', { value: secretsComplete, source: titleOf(endpoints.listRepositorySecrets) });
  await readStores(reading);
  await readVariables(reading);
  await readPolicies(reading);
  const oidc = await readOne(unit, endpoints.getRepositoryOidc, reading.parameters, options);
  if (oidc.entry !== undefined) addOidc(draft, oidc.entry, endpoints.getRepositoryOidc);
  await readSafety(reading);
  for (const item of reading.drafts.collected()) unit.collected.push(withArchived(item, repository, setting.source));
}

/** Types that still work when their repository is archived. */
const OUTLIVING = new Set([
  'deploy_key',
  'webhook',
  'actions_secret',
  ...SECRET_STORES.map((store) => store.type as string),
]);

/** What a repository is, its keys, hooks and secrets are, too: archived, or tagged as sensitive. */
function withArchived(item: Collected, repository: Repository, source: string): Collected {
  if (item.kind !== 'identity' || !OUTLIVING.has(item.identity.type)) return item;
  const { attributes } = item.identity;
  if (attributes['level']?.value === 'organisation') return item;
  const { archived, custom_properties: properties } = repository;
  const facts = Object.entries(defined({ archived, sensitivity: properties?.sensitivity }));
  const more = Object.fromEntries(facts.map(([name, value]) => [name, { value, source }]));
  return { ...item, identity: { ...item.identity, attributes: { ...attributes, ...more } } };
}

async function readAccess(reading: Reading, reviewRequired: boolean | undefined): Promise<void> {
  const { unit, drafts, parameters, options, setting } = reading;
  const { people, audit } = setting;
  const name = options.subject;
  const keys = await readEntries(unit, endpoints.listDeployKeys, parameters, options);
  for (const key of keys.entries) describeDeployKey(drafts, people, name, key, { audit, reviewRequired });
  const hooks = await readEntries(unit, endpoints.listRepositoryHooks, parameters, options);
  for (const hook of hooks.entries) {
    const maker = audit?.hookMakers.get(hook.id);
    const id = maker === undefined ? undefined : people.mention(maker);
    describeHook(drafts, name, hook, endpoints.listRepositoryHooks, id);
  }
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

async function readStores({ unit, drafts, parameters, options }: Reading): Promise<void> {
  for (const store of SECRET_STORES) {
    const secrets = await readEntries(unit, store.repository, parameters, options);
    for (const secret of secrets.entries) describeStoredSecret(drafts, store, options.subject, secret);
  }
}

async function readVariables({ unit, parameters, options }: Reading): Promise<void> {
  const variables = await readEntries(unit, endpoints.listRepositoryVariables, parameters, options);
  const place = { owner: options.subject, repository: options.subject };
  unit.collected.push(...scanVariables(variables.entries, place));
  const agents = await readEntries(unit, listAgentVariables, parameters, options);
  const owner = `${options.subject}/agents`;
  unit.collected.push(...scanVariables(agents.entries, { owner, repository: options.subject }));
}

async function readPolicies({ unit, drafts, parameters, options }: Reading): Promise<void> {
  const workflow = await readOne(unit, endpoints.getRepositoryWorkflowPermissions, parameters, options);
  const actions = await readOne(unit, endpoints.getRepositoryActionsPermissions, parameters, options);
  describeTokenPolicy(drafts, options.subject, workflow.entry, actions.entry);
}
