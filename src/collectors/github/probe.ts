import { isObject } from '../../clients/shared/shape.ts';
import type { Address } from '../../model/address.ts';
import type { ProbeResult } from '../abilities.ts';
import type { CollectContext } from '../contract.ts';
import { type Endpoint, pathOf } from '../shared/api/endpoint.ts';
import { probeEndpoint, readable } from '../shared/api/probe.ts';
import { whyNotAsked } from './available.ts';
import {
  getApp,
  getOrganisation,
  listInstallations,
  listOrganisationSecrets,
  listPersonalAccessTokens,
  listRepositories,
  ORGANISATION_ENDPOINTS,
} from './endpoints/organisation.ts';
import { getRepository, listEnvironments, REPOSITORY_ENDPOINTS } from './endpoints/repository.ts';
import { listRepositoryAlerts } from './endpoints/security.ts';
import { SECRET_STORES } from './endpoints/stores.ts';
import type { Run } from './run.ts';
import { organisation } from './schema.ts';
import { openSession } from './session.ts';

/** A name that later endpoints need. It is taken from the first suitable entry of an earlier answer. */
interface SampleName {
  readonly parameter: string;
  readonly field: readonly string[];
  readonly fits?: (entry: Readonly<Record<string, unknown>>) => boolean;
}

const isSelected: SampleName['fits'] = (entry) => entry['visibility'] === 'selected';
const SELECTED: SampleName = { parameter: 'name', field: ['name'], fits: isSelected };

const SAMPLE_NAMES: ReadonlyMap<string, readonly SampleName[]> = new Map<string, readonly SampleName[]>([
  [
    listRepositories.id,
    [
      { parameter: 'repo', field: ['name'] },
      { parameter: 'branch', field: ['default_branch'] },
    ],
  ],
  [getRepository.id, [{ parameter: 'branch', field: ['default_branch'] }]],
  [listInstallations.id, [{ parameter: 'slug', field: ['app_slug'] }]],
  [getApp.id, [{ parameter: 'publisher', field: ['owner', 'login'] }]],
  [listOrganisationSecrets.id, [SELECTED]],
  ...SECRET_STORES.map((store) => [store.organisation.id, [SELECTED]] as const),
  [listEnvironments.id, [{ parameter: 'environment', field: ['name'] }]],
  [
    listPersonalAccessTokens.id,
    [{ parameter: 'token', field: ['id'], fits: (entry) => entry['repository_selection'] === 'subset' }],
  ],
  [listRepositoryAlerts.id, [{ parameter: 'alert', field: ['number'] }]],
]);
/** Enough entries to find a selected secret among others. Elsewhere one entry is enough. */
const ENTRIES = 20;

/** Asks every endpoint once. Nothing of the answers is shown. */
export async function probe(context: CollectContext, address: Address): Promise<readonly ProbeResult[]> {
  const session = await openSession(context, address);
  if ('gap' in session) return [{ reads: address.text, state: 'failed', message: session.gap.message }];
  const { run } = session;
  const { owner, repository } = run.target;
  const names = new Map([
    ['org', owner],
    ['owner', owner],
  ]);
  if (repository !== undefined) names.set('repo', repository);
  const all = [...ORGANISATION_ENDPOINTS, ...REPOSITORY_ENDPOINTS];
  const results: ProbeResult[] = [];
  for (const endpoint of repository === undefined ? all : REPOSITORY_ENDPOINTS) {
    const { result, stop } = await probeOne(run, endpoint, names);
    results.push(result);
    if (stop) break;
  }
  return results;
}

interface Probed {
  readonly result: ProbeResult;
  /** True if nothing else can work after this. */
  readonly stop: boolean;
}

async function probeOne(run: Run, endpoint: Endpoint<unknown>, parameters: Map<string, string>): Promise<Probed> {
  const reason = lackOf(endpoint, parameters) ?? whyNotAsked(endpoint, run.token, parameters.get('plan'));
  if (reason !== undefined) return { result: readable(endpoint, `not asked: ${reason}`), stop: false };
  const size = SAMPLE_NAMES.has(endpoint.id) ? ENTRIES : 1;
  const path = pathOf(endpoint, Object.fromEntries(parameters), { per_page: size });
  const { result, reply } = await probeEndpoint(run.transport, endpoint, path);
  if (reply.state === 'ok') learn(endpoint, reply.body, parameters);
  if (result.state === 'ok') return { result, stop: false };
  const first = endpoint === getOrganisation || endpoint === getRepository;
  return { result, stop: (reply.state === 'failed' && reply.status === 401) || first };
}

function lackOf(endpoint: Endpoint<unknown>, parameters: ReadonlyMap<string, string>): string | undefined {
  const names = [...endpoint.route.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const lacking = names.find((name) => !parameters.has(name));
  return lacking === undefined ? undefined : `there is no ${lacking} to ask it of`;
}

/** Remembers one name of each kind, so that the endpoints below it can be asked. */
function learn(endpoint: Endpoint<unknown>, body: unknown, parameters: Map<string, string>): void {
  if (endpoint === getOrganisation) learnPlan(body, parameters);
  for (const sample of SAMPLE_NAMES.get(endpoint.id) ?? []) {
    const name = nameIn(entriesOf(endpoint, body), sample);
    if (name === undefined) parameters.delete(sample.parameter);
    else parameters.set(sample.parameter, name);
  }
}

function entriesOf(endpoint: Endpoint<unknown>, body: unknown): readonly unknown[] {
  if (endpoint.form === 'body') return [body];
  const listed = endpoint.form === 'list' ? body : isObject(body) ? body[endpoint.form] : undefined;
  return Array.isArray(listed) ? listed : [];
}

function nameIn(entries: readonly unknown[], { field, fits }: SampleName): string | undefined {
  let value = entries.find((candidate) => isObject(candidate) && fits?.(candidate) !== false);
  for (const name of field) value = isObject(value) ? value[name] : undefined;
  return typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : undefined;
}

function learnPlan(body: unknown, parameters: Map<string, string>): void {
  const plan = organisation.read(body)?.plan?.name;
  if (plan !== undefined) parameters.set('plan', plan);
}
