import { childBodies, type HclBody, type HclValue } from '../../../lib/hcl/index.ts';
import { byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { resolve, textOf } from '../resolve.ts';
import { accountOf, isDefaultAccount } from './accounts.ts';

/** Where a kind of workload names the account that it runs as. */
interface Place {
  /** Nested blocks down to the one with the attribute. */
  readonly path: readonly string[];
  readonly attribute: string;
  /** Without the block there is no account, and not the default one. */
  readonly none?: true;
}

const VM: Place = { path: ['service_account'], attribute: 'email', none: true };
const NODES: Place = { path: ['node_config'], attribute: 'service_account' };

const PLACES: Readonly<Record<string, Place>> = {
  google_app_engine_standard_app_version: { path: [], attribute: 'service_account' },
  google_cloud_run_service: { path: ['template', 'spec'], attribute: 'service_account_name' },
  google_cloud_run_v2_job: { path: ['template', 'template'], attribute: 'service_account' },
  google_cloud_run_v2_service: { path: ['template'], attribute: 'service_account' },
  google_cloudbuild_trigger: { path: [], attribute: 'service_account' },
  google_cloudfunctions2_function: { path: ['service_config'], attribute: 'service_account_email' },
  google_cloudfunctions_function: { path: [], attribute: 'service_account_email' },
  google_composer_environment: { path: ['config', 'node_config'], attribute: 'service_account' },
  google_compute_instance: VM,
  google_compute_instance_from_template: VM,
  google_compute_instance_template: VM,
  google_compute_region_instance_template: VM,
  google_container_cluster: NODES,
  google_container_node_pool: NODES,
  google_dataflow_job: { path: [], attribute: 'service_account_email' },
  google_dataproc_cluster: { path: ['cluster_config', 'gce_cluster_config'], attribute: 'service_account' },
  google_notebooks_instance: { path: [], attribute: 'service_account' },
  google_tpu_v2_vm: { path: ['service_account'], attribute: 'email', none: true },
  google_workbench_instance: { path: ['gce_setup', 'service_accounts'], attribute: 'email' },
};

const FULL_SCOPE = /(?:^|\/)cloud-platform$/;

/** Adds what runs as a service account: machines, clusters, functions, services, jobs. */
export function addWorkloads(module: TerraformModule, drafts: Drafts): void {
  for (const [type, place] of Object.entries(PLACES)) {
    for (const block of resourcesOf(module, type)) addWorkload(module, drafts, block, place);
  }
}

function addWorkload(module: TerraformModule, drafts: Drafts, block: TerraformBlock, place: Place): void {
  const id = declaredId(module, block.address);
  const name = textOf(module, block, 'name') ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type: 'gcp_workload', provider: 'gcp', name });
  const body = descend(block.body, place.path);
  const value = body === undefined ? undefined : attributeValue({ body }, place.attribute);
  const account = accountOf(module, drafts, value, block);
  const evidence = evidenceOf(block);
  if (account !== undefined) drafts.edge(draft.id, 'uses', byId(account.id), evidence);
  // Google makes machines of clusters itself, and names them so.
  const managed = name.startsWith('gke-');
  const facts = {
    defaultAccount: managed ? false : runsAsDefault(module, place, body, value),
    fullScope: managed ? false : hasFullScope(module, body),
  };
  setFacts(draft, facts, evidence.source);
  if (block.type === 'google_container_cluster') setFacts(draft, clusterFacts(module, block), evidence.source);
}

function descend(body: HclBody, path: readonly string[]): HclBody | undefined {
  let inner: HclBody | undefined = body;
  for (const name of path) inner = inner && childBodies(inner, name)[0]?.body;
  return inner;
}

/** Undefined where a variable names the account, or a template that is not looked at. */
function runsAsDefault(
  module: TerraformModule,
  { none, path }: Place,
  body: HclBody | undefined,
  value: HclValue | undefined,
): boolean | undefined {
  if (body === undefined) return none === true || path[0] === 'node_config' ? undefined : true;
  if (value === undefined || value.kind === 'null') return true;
  const text = resolve(module, value);
  if (typeof text !== 'string') return undefined;
  if (isDefaultAccount(text)) return true;
  return text.includes('${') && !text.includes('${google_service_account.') ? undefined : false;
}

function hasFullScope(module: TerraformModule, body: HclBody | undefined): boolean | undefined {
  const scopes =
    body === undefined ? undefined : (attributeValue({ body }, 'scopes') ?? attributeValue({ body }, 'oauth_scopes'));
  if (scopes === undefined) return undefined;
  const list = resolve(module, scopes);
  if (!Array.isArray(list)) return undefined;
  if (list.some((scope) => typeof scope === 'string' && FULL_SCOPE.test(scope))) return true;
  return list.every((scope) => typeof scope === 'string') ? false : undefined;
}

/** How a cluster lets people and pods in beside IAM. */
function clusterFacts(module: TerraformModule, block: TerraformBlock): Parameters<typeof setFacts>[1] {
  const [master] = childBodies(block.body, 'master_auth');
  const certificate = master && childBodies(master.body, 'client_certificate_config')[0];
  const truth = (body: HclBody | undefined, name: string): boolean | undefined => {
    const value = body === undefined ? undefined : attributeValue({ body }, name);
    const known = value === undefined ? undefined : resolve(module, value);
    return typeof known === 'boolean' ? known : undefined;
  };
  const password = master && attributeValue(master, 'password');
  const known = password === undefined ? undefined : resolve(module, password);
  return {
    basicAuth: master === undefined ? undefined : password !== undefined && known !== '' && known !== null,
    clientCertificate: truth(certificate?.body, 'issue_client_certificate'),
    legacyAuthorization: truth(block.body, 'enable_legacy_abac') ?? false,
  };
}
