import { defined } from '../../lib/fields/defined.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { PowerFamily } from '../contract.ts';

/** What a set of permissions lets somebody do. All of `all` and, where given, one of `any` are needed. */
export interface PowerRow {
  readonly family: PowerFamily;
  /** On a project, folder or organisation: everything in it. */
  readonly wide: PrivilegeTier;
  /** On one resource. Of a service account: what it may do is added by who knows the account. */
  readonly narrow: PrivilegeTier;
  readonly all: readonly string[];
  readonly any?: readonly string[];
}

const row = (
  family: PowerFamily,
  wide: PrivilegeTier,
  narrow: PrivilegeTier,
  all: readonly string[],
  any?: readonly string[],
): PowerRow => ({ family, wide, narrow, all, ...defined({ any }) });

/** Starts code that runs as a service account which the caller chooses. */
const RUNS_CODE: readonly string[] = [
  'compute.instances.create',
  'cloudfunctions.functions.create',
  'run.services.create',
  'aiplatform.customJobs.create',
  'appengine.versions.create',
  'batch.jobs.create',
  'cloudbuild.builds.create',
  'cloudfunctions.functions.update',
  'cloudscheduler.jobs.create',
  'composer.environments.create',
  'compute.instances.setServiceAccount',
  'dataflow.jobs.create',
  'datafusion.instances.create',
  'dataproc.clusters.create',
  'eventarc.triggers.create',
  'ml.jobs.create',
  'notebooks.instances.create',
  'run.jobs.create',
  'run.services.update',
  'workflows.workflows.create',
];

/** Powers that count one by one, for the fact of the family. The order is that of a report within one tier. */
export const POWERS: readonly PowerRow[] = [
  row('permission-management', 0, 1, ['resourcemanager.organizations.setIamPolicy']),
  row('permission-management', 0, 1, ['resourcemanager.folders.setIamPolicy']),
  row('permission-management', 0, 1, ['resourcemanager.projects.setIamPolicy']),
  row('permission-management', 0, 2, ['iam.serviceAccounts.setIamPolicy']),
  row('escalation', 0, 1, ['iam.roles.update']),
  row('escalation', 0, 1, ['iam.serviceAccounts.actAs'], RUNS_CODE),
  row('escalation', 0, 1, ['deploymentmanager.deployments.create']),
  row('credential-exposure', 0, 2, ['iam.serviceAccountKeys.create']),
  row('lateral-movement', 0, 2, ['iam.serviceAccounts.getAccessToken']),
  row('lateral-movement', 0, 2, ['iam.serviceAccounts.signBlob']),
  row('lateral-movement', 0, 2, ['iam.serviceAccounts.signJwt']),
  row('lateral-movement', 0, 2, ['iam.serviceAccounts.implicitDelegation']),
  row('lateral-movement', 1, 2, ['iam.serviceAccounts.actAs']),
  row('lateral-movement', 1, 2, ['iam.serviceAccounts.getOpenIdToken']),
  row('lateral-movement', 1, 2, ['cloudbuild.builds.create']),
  row('lateral-movement', 1, 2, ['compute.projects.setCommonInstanceMetadata']),
  row('lateral-movement', 1, 2, ['compute.instances.setMetadata']),
  row('lateral-movement', 1, 2, ['compute.instances.osAdminLogin']),
  row('lateral-movement', 1, 2, ['osconfig.patchJobs.exec']),
  row('lateral-movement', 1, 2, ['container.pods.exec']),
  row('permission-management', 1, 2, ['container.clusterRoleBindings.create']),
  row('permission-management', 1, 2, ['iam.googleapis.com/workloadIdentityPoolProviders.create']),
  row('permission-management', 1, 2, ['iam.googleapis.com/workloadIdentityPoolProviders.update']),
  row('permission-management', 1, 2, ['orgpolicy.policy.set']),
  row('permission-management', 1, 2, ['iam.denypolicies.update']),
  row('permission-management', 1, 2, ['iam.denypolicies.delete']),
  row('credential-exposure', 1, 2, ['secretmanager.versions.access']),
  row('credential-exposure', 1, 2, ['parametermanager.parameterVersions.render']),
  row('credential-exposure', 1, 2, ['storage.hmacKeys.create']),
  row('credential-exposure', 1, 2, ['container.secrets.get']),
  row('credential-exposure', 1, 2, ['cloudsql.users.update']),
  row('credential-exposure', 2, 2, ['apikeys.keys.getKeyString']),
  row('credential-exposure', 2, 2, ['apikeys.keys.create']),
  row('lateral-movement', 2, 2, ['compute.instances.osLogin']),
  row('data-exfiltration', 2, 2, ['storage.objects.get']),
  row('data-exfiltration', 2, 2, ['bigquery.tables.getData']),
  row('data-exfiltration', 2, 2, ['bigquery.tables.export']),
  row('data-exfiltration', 2, 2, ['bigtable.tables.readRows']),
  row('data-exfiltration', 2, 2, ['spanner.databases.read']),
  row('data-exfiltration', 2, 2, ['spanner.databases.select']),
  row('data-exfiltration', 2, 2, ['datastore.entities.get']),
  row('data-exfiltration', 2, 2, ['datastore.databases.export']),
  row('data-exfiltration', 2, 2, ['firebasedatabase.instances.get']),
  row('data-exfiltration', 2, 2, ['healthcare.fhirResources.get']),
  row('data-exfiltration', 2, 2, ['pubsub.subscriptions.consume']),
  row('data-exfiltration', 2, 2, ['cloudsql.instances.export']),
  row('data-exfiltration', 2, 2, ['cloudkms.cryptoKeyVersions.useToDecrypt']),
  row('data-exfiltration', 2, 2, ['logging.privateLogEntries.list']),
  row('data-exfiltration', 2, 2, ['source.repos.get']),
];

/** Who may change policies of other resources hands out what is in them. */
export const SET_POLICY = '.setIamPolicy';
export const SET_POLICY_TIERS: { readonly wide: PrivilegeTier; readonly narrow: PrivilegeTier } = {
  wide: 1,
  narrow: 2,
};

/** True for a permission that the table names. */
export function isNamedPower(permission: string): boolean {
  return NAMED.has(permission);
}

const NAMED: ReadonlySet<string> = new Set(POWERS.flatMap(({ all, any = [] }) => [...all, ...any]));

/** Reports measurements and logs, and changes nothing that is there. */
const TELEMETRY: ReadonlySet<string> = new Set([
  'autoscaling.sites.writeMetrics',
  'cloudprofiler.profiles.create',
  'cloudprofiler.profiles.update',
  'cloudtrace.traces.patch',
  'errorreporting.errorEvents.create',
  'logging.logEntries.create',
  'logging.logEntries.route',
  'monitoring.metricDescriptors.create',
  'monitoring.timeSeries.create',
  'stackdriver.resourceMetadata.write',
  'telemetry.traces.write',
]);

const REPLACES = /\.(?:delete|update|set|patch|write|remove|restore|move|purge|reset|rollback|replace|manage)\w*$/;
const ADDS =
  /\.(?:add|approve|attach|batch|bind|bulk|clone|commit|connect|create|deploy|detach|disable|enable|execute|import|ingest|insert|install|invoke|link|login|pause|promote|publish|put|register|restart|resume|run|send|start|stop|submit|suspend|terminate|upload|use)\w*$/;

/** 1: replaces or removes what is there. 2: adds or calls. Undefined: reads, only reports, or does something small. */
export function writeTier(permission: string): PrivilegeTier | undefined {
  if (TELEMETRY.has(permission) || /\.use(?:ReadOnly)?$/.test(permission)) return undefined;
  if (REPLACES.test(permission)) return 1;
  return ADDS.test(permission) ? 2 : undefined;
}
