import type { Address } from '../../model/address.ts';
import type { ProbeResult } from '../abilities.ts';
import type { CollectContext } from '../contract.ts';
import { type Endpoint, pathOf } from '../shared/api/endpoint.ts';
import { probeEndpoint, readable } from '../shared/api/probe.ts';
import { isObject } from '../shared/api/shape.ts';
import { whyNotAsked } from './available.ts';
import {
  getOrganisation,
  listInstallations,
  listOrganisationSecrets,
  listRepositories,
  ORGANISATION_ENDPOINTS,
} from './endpoints/organisation.ts';
import { getRepository, listEnvironments, REPOSITORY_ENDPOINTS } from './endpoints/repository.ts';
import type { Run } from './run.ts';
import { organisation } from './schema.ts';
import { openSession } from './session.ts';

/** A name that later endpoints need. It is taken from the first suitable entry of an earlier answer. */
interface SampleName {
  readonly parameter: string;
  readonly field: string;
  readonly fits?: (entry: Readonly<Record<string, unknown>>) => boolean;
}

const SAMPLE_NAMES: ReadonlyMap<string, SampleName> = new Map<string, SampleName>([
  [listRepositories.id, { parameter: 'repo', field: 'name' }],
  [listInstallations.id, { parameter: 'slug', field: 'app_slug' }],
  [
    listOrganisationSecrets.id,
    { parameter: 'name', field: 'name', fits: (entry) => entry['visibility'] === 'selected' },
  ],
  [listEnvironments.id, { parameter: 'environment', field: 'name' }],
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
  const sample = SAMPLE_NAMES.get(endpoint.id);
  const listed = endpoint.form === 'list' ? body : isObject(body) ? body[endpoint.form] : undefined;
  if (endpoint === getOrganisation) learnPlan(body, parameters);
  if (sample === undefined || !Array.isArray(listed)) return;
  const entry: unknown = listed.find((candidate) => isObject(candidate) && sample.fits?.(candidate) !== false);
  const name = isObject(entry) ? entry[sample.field] : undefined;
  if (typeof name === 'string') parameters.set(sample.parameter, name);
}

function learnPlan(body: unknown, parameters: Map<string, string>): void {
  const plan = organisation.read(body)?.plan?.name;
  if (plan !== undefined) parameters.set('plan', plan);
}
