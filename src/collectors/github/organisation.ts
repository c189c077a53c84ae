import type { Endpoint } from '../shared/api/endpoint.ts';
import { type ReadOptions, readEntries, readOne, skip } from '../shared/api/read.ts';
import { type Draft, Drafts } from '../shared/identity-drafts.ts';
import { whyNotAsked } from './available.ts';
import * as endpoints from './endpoints/organisation.ts';
import { describeAuthorization, describeInstallation, describePersonalAccessToken } from './identify/access.ts';
import { People } from './identify/people.ts';
import { describeDependabotSecret, describeOrganisationSecret } from './identify/secrets.ts';
import {
  addOidc,
  describeHook,
  describeOrganisation,
  describeRunner,
  describeTeam,
  describeTokenPolicy,
} from './identify/settings.ts';
import type { Unit } from './run.ts';
import type { Organisation, Repository, SecretMetadata } from './schema.ts';
import { scanVariables } from './variables.ts';

/** What the rest of the run needs to know about an organisation. */
export interface OrganisationFacts {
  readonly people: People;
  readonly repositories: readonly Repository[];
  /** True if all secrets of the organisation, and the repositories that may use them, are known. */
  readonly secretsKnown: boolean;
}

interface Reading {
  readonly unit: Unit;
  readonly drafts: Drafts;
  readonly org: string;
  readonly options: ReadOptions;
}

/**
 * Reads the endpoints of the organisation itself. Returns undefined if the first answer already failed; nothing else
 * was asked then.
 */
export async function collectOrganisation(unit: Unit): Promise<OrganisationFacts | undefined> {
  const { owner } = unit.run.target;
  const missing =
    `GitHub shows no organisation "${owner}" to this token: check the name or the token. ` +
    'For the repository of a person write github:<owner>/<name>.';
  const options = { subject: owner, only: true };
  const first = await readOne(unit, endpoints.getOrganisation, { org: owner }, { ...options, missing });
  if (first.entry === undefined) return undefined;
  const drafts = new Drafts();
  const reading = { unit, drafts, org: first.entry.login, options: { subject: first.entry.login, only: true } };
  const draft = describeOrganisation(drafts, first.entry);
  const people = await readPeople(reading, first.entry);
  await readApps(reading);
  await readHooks(reading);
  const secretsKnown = await readSecrets(reading);
  await readVariables(reading);
  await readPolicies(reading, draft);
  await readRunners(reading);
  await readTokens(reading, first.entry, people);
  const repositories = await readEntries(unit, endpoints.listRepositories, parametersOf(reading), reading.options);
  unit.collected.push(...drafts.collected());
  return { people, repositories: repositories.entries, secretsKnown };
}

function parametersOf(reading: Reading): Readonly<Record<string, string>> {
  return { org: reading.org };
}

/**
 * A token of an outsider sees only public members, and GitHub does not say so. Only owners (and apps with their rights)
 * see the two-factor setting. So where that is present, the lists are complete.
 */
async function readPeople(reading: Reading, organisation: Organisation): Promise<People> {
  const { unit, drafts, org, options } = reading;
  const parameters = parametersOf(reading);
  const admins = await readEntries(unit, endpoints.listAdmins, parameters, options);
  const members = await readEntries(unit, endpoints.listMembers, parameters, options);
  const outside = await readEntries(unit, endpoints.listOutsideCollaborators, parameters, options);
  const seesAll = organisation.two_factor_requirement_enabled !== undefined;
  const complete = seesAll && admins.whole && members.whole && outside.whole;
  const people = new People(org, complete);
  people.add(outside.entries, 'outside');
  people.add(members.entries, 'member');
  people.add(admins.entries, 'admin');
  unit.collected.push({
    kind: 'plan',
    scope: endpoints.listMembers.id,
    unit: 'requests',
    count: 0,
    facts: { complete },
  });
  const teams = await readEntries(unit, endpoints.listTeams, parameters, options);
  for (const team of teams.entries) describeTeam(drafts, org, team);
  return people;
}

async function readApps(reading: Reading): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const installations = await readEntries(unit, endpoints.listInstallations, parametersOf(reading), options);
  for (const installation of installations.entries) {
    const slug = installation.app_slug;
    const app = await readOne(unit, endpoints.getApp, { slug }, { subject: slug, only: false });
    describeInstallation(drafts, org, installation, app.entry);
  }
}

async function readHooks(reading: Reading): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const hooks = await readEntries(unit, endpoints.listOrganisationHooks, parametersOf(reading), options);
  for (const hook of hooks.entries) describeHook(drafts, org, hook, endpoints.listOrganisationHooks);
}

async function readSecrets(reading: Reading): Promise<boolean> {
  const { unit, drafts, org, options } = reading;
  const secrets = await readEntries(unit, endpoints.listOrganisationSecrets, parametersOf(reading), options);
  let whole = secrets.whole;
  for (const secret of secrets.entries) {
    const repositories = secret.visibility === 'selected' ? await readSelected(reading, secret) : undefined;
    whole &&= secret.visibility !== 'selected' || repositories !== undefined;
    describeOrganisationSecret(drafts, org, secret, repositories);
  }
  const dependabot = await readEntries(
    unit,
    endpoints.listOrganisationDependabotSecrets,
    parametersOf(reading),
    options,
  );
  for (const secret of dependabot.entries) describeDependabotSecret(drafts, org, secret);
  return whole;
}

async function readSelected(reading: Reading, secret: SecretMetadata): Promise<readonly string[] | undefined> {
  const parameters = { ...parametersOf(reading), name: secret.name };
  const options = { subject: `${reading.org} ${secret.name}`, only: false };
  const repositories = await readEntries(reading.unit, endpoints.listSecretRepositories, parameters, options);
  return repositories.whole ? repositories.entries.map((entry) => entry.full_name) : undefined;
}

async function readVariables(reading: Reading): Promise<void> {
  const { unit, org, options } = reading;
  const variables = await readEntries(unit, endpoints.listOrganisationVariables, parametersOf(reading), options);
  unit.collected.push(...scanVariables(variables.entries, { owner: org }));
}

async function readPolicies(reading: Reading, draft: Draft): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const parameters = parametersOf(reading);
  const workflow = await readOne(unit, endpoints.getOrganisationWorkflowPermissions, parameters, options);
  const actions = await readOne(unit, endpoints.getOrganisationActionsPermissions, parameters, options);
  describeTokenPolicy(drafts, org, workflow.entry, actions.entry);
  const oidc = await readOne(unit, endpoints.getOrganisationOidc, parameters, options);
  if (oidc.entry !== undefined) addOidc(draft, oidc.entry, endpoints.getOrganisationOidc);
}

async function readRunners(reading: Reading): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const groups = await readEntries(unit, endpoints.listRunnerGroups, parametersOf(reading), options);
  const runners = await readEntries(unit, endpoints.listOrganisationRunners, parametersOf(reading), options);
  const byId = new Map(groups.entries.map((group) => [group.id, group]));
  for (const runner of runners.entries) {
    describeRunner(drafts, org, runner, byId.get(runner.runner_group_id ?? ''), endpoints.listOrganisationRunners);
  }
}

async function readTokens(reading: Reading, organisation: Organisation, people: People): Promise<void> {
  const { drafts, org } = reading;
  const plan = organisation.plan?.name;
  const tokens = await readAvailable(reading, endpoints.listPersonalAccessTokens, plan);
  for (const token of tokens) describePersonalAccessToken(drafts, people, org, token);
  const authorised = await readAvailable(reading, endpoints.listCredentialAuthorizations, plan);
  for (const authorization of authorised) describeAuthorization(drafts, people, org, authorization);
}

async function readAvailable<T>(
  reading: Reading,
  endpoint: Endpoint<T>,
  plan: string | undefined,
): Promise<readonly T[]> {
  const { unit, org, options } = reading;
  const reason = whyNotAsked(endpoint, unit.run.token, plan);
  if (reason === undefined) return (await readEntries(unit, endpoint, parametersOf(reading), options)).entries;
  skip(unit, endpoint, `${org}: ${reason}`);
  return [];
}
