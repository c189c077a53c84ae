import type { Endpoint } from '../shared/api/endpoint.ts';
import { titleOf } from '../shared/api/endpoint.ts';
import { readEntries, readOne } from '../shared/api/read.ts';
import { type Draft, Drafts, setFacts } from '../shared/identity-drafts.ts';
import { readAlerts } from './alerts.ts';
import { listOrganisationAgentVariables } from './endpoints/agents.ts';
import * as endpoints from './endpoints/organisation.ts';
import { getPublisher, listOrganisationAlerts } from './endpoints/security.ts';
import { SECRET_STORES, type SecretStore } from './endpoints/stores.ts';
import { describeInstallation } from './identify/access.ts';
import type { AuditFacts } from './identify/audit.ts';
import { People } from './identify/people.ts';
import { describeOrganisationSecret, describeStoredSecret } from './identify/secrets.ts';
import {
  addOidc,
  describeHook,
  describeOrganisation,
  describeRunner,
  describeTeam,
  describeTokenPolicy,
} from './identify/settings.ts';
import { readAuditLog, readTokens } from './organisation-tokens.ts';
import { parametersOf, type OrganisationReading as Reading } from './reading.ts';
import type { Unit } from './run.ts';
import type { App, Installation, Organisation, Publisher, Repository, SecretMetadata } from './schema.ts';
import { scanVariables } from './variables.ts';

/** What the rest of the run needs to know about an organisation. */
export interface OrganisationFacts {
  readonly people: People;
  readonly repositories: readonly Repository[];
  /** True if all secrets of the organisation, and the repositories that may use them, are known. */
  readonly secretsKnown: boolean;
  readonly audit: AuditFacts | undefined;
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
  const people = await readPeople(reading, first.entry, draft);
  const audit = await readAuditLog(reading, first.entry);
  for (const login of audit?.browserUsers ?? []) people.usedInBrowser(login);
  await readApps(reading, people, audit);
  await readHooks(reading, people, audit);
  const secretsKnown = await readSecrets(reading);
  await readVariables(reading);
  await readPolicies(reading, draft);
  await readRunners(reading);
  await readTokens(reading, first.entry, people, audit);
  await readAlerts(unit, drafts, listOrganisationAlerts, parametersOf(reading), reading.options);
  const repositories = await readEntries(unit, endpoints.listRepositories, parametersOf(reading), reading.options);
  unit.collected.push(...drafts.collected());
  return { people, repositories: repositories.entries, secretsKnown, audit };
}

/**
 * A token of an outsider sees only public members, and GitHub does not say so. Only owners (and apps with their rights)
 * see the two-factor setting. So where that is present, the lists are complete.
 */
async function readPeople(reading: Reading, organisation: Organisation, draft: Draft): Promise<People> {
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
  if (admins.whole) setFacts(draft, { ownerCount: admins.entries.length }, titleOf(endpoints.listAdmins));
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

async function readApps(reading: Reading, people: People, audit: AuditFacts | undefined): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const installations = await readEntries(unit, endpoints.listInstallations, parametersOf(reading), options);
  const publishers = new Map<string, Promise<Publisher | undefined>>();
  for (const installation of installations.entries) {
    const { app, hidden } = await readApp(reading, installation);
    const publisher = await publisherOf(reading, app, publishers);
    describeInstallation(drafts, people, org, installation, { app, hidden, publisher, audit });
  }
}

async function readApp(
  { unit }: Reading,
  installation: Installation,
): Promise<{ readonly app: App | undefined; readonly hidden: boolean }> {
  const slug = installation.app_slug;
  const { entry, status } = await readOne(unit, endpoints.getApp, { slug }, { subject: slug, only: false });
  return { app: entry, hidden: status === 404 };
}

/** Asks once for each organisation that made apps. The own one and people prove nothing there. */
async function publisherOf(
  { unit, org }: Reading,
  app: App | undefined,
  publishers: Map<string, Promise<Publisher | undefined>>,
): Promise<Publisher | undefined> {
  const login = app?.owner.login;
  if (login === undefined || app?.owner.type !== 'Organization' || login.toLowerCase() === org.toLowerCase()) return;
  const asked = publishers.get(login) ?? readPublisher(unit, login);
  publishers.set(login, asked);
  return asked;
}

async function readPublisher(unit: Unit, login: string): Promise<Publisher | undefined> {
  return (await readOne(unit, getPublisher, { publisher: login }, { subject: login, only: false })).entry;
}

async function readHooks(reading: Reading, people: People, audit: AuditFacts | undefined): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const hooks = await readEntries(unit, endpoints.listOrganisationHooks, parametersOf(reading), options);
  for (const hook of hooks.entries) {
    const maker = audit?.hookMakers.get(hook.id);
    const id = maker === undefined ? undefined : people.mention(maker);
    describeHook(drafts, org, hook, endpoints.listOrganisationHooks, id);
  }
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
  for (const store of SECRET_STORES) await readStore(reading, store);
  return whole;
}

async function readStore(reading: Reading, store: SecretStore): Promise<void> {
  const { unit, drafts, org, options } = reading;
  const secrets = await readEntries(unit, store.organisation, parametersOf(reading), options);
  for (const secret of secrets.entries) {
    const { selected } = store;
    const limited = secret.visibility === 'selected' && selected !== undefined;
    const repositories = limited ? await readSelected(reading, secret, selected) : undefined;
    describeStoredSecret(drafts, store, org, secret, repositories);
  }
}

async function readSelected(
  reading: Reading,
  secret: SecretMetadata,
  endpoint: Endpoint<{ readonly full_name: string }> = endpoints.listSecretRepositories,
): Promise<readonly string[] | undefined> {
  const parameters = { ...parametersOf(reading), name: secret.name };
  const options = { subject: `${reading.org} ${secret.name}`, only: false };
  const repositories = await readEntries(reading.unit, endpoint, parameters, options);
  return repositories.whole ? repositories.entries.map((entry) => entry.full_name) : undefined;
}

async function readVariables(reading: Reading): Promise<void> {
  const { unit, org, options } = reading;
  const variables = await readEntries(unit, endpoints.listOrganisationVariables, parametersOf(reading), options);
  unit.collected.push(...scanVariables(variables.entries, { owner: org }));
  const agents = await readEntries(unit, listOrganisationAgentVariables, parametersOf(reading), options);
  unit.collected.push(...scanVariables(agents.entries, { owner: `${org}/agents` }));
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
