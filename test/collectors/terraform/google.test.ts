import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { type Declared, declare } from '../declared.ts';
import { firing } from './firing.ts';

const read = (text: string): Promise<Declared> => declare(terraform, { 'main.tf': text });

describe('IAM on any resource', () => {
  it('tells who gets what, without names of people', async () => {
    const found = await read(`
resource "google_project_iam_member" "a" {
  project = "shop"
  role    = "roles/owner"
  member  = "user:jo@acme.example"
}
resource "google_storage_bucket_iam_binding" "b" {
  bucket  = "shop-data"
  role    = "roles/storage.objectViewer"
  members = ["allUsers", "group:ops@acme.example"]
}
`);
    expect(found.facts('google_project_iam_member.a')).toMatchObject({
      role: 'roles/owner',
      basicRole: 'owner',
      grantLevel: 'project',
      memberKinds: ['user'],
      publicAccess: false,
      privilegeTier: 0,
    });
    expect(found.facts('google_storage_bucket_iam_binding.b')).toMatchObject({
      grantLevel: 'resource',
      memberKinds: ['allUsers', 'group'],
      publicAccess: true,
      privilegeTier: 2,
      tierReasons: ['storage.objects.get on storage_bucket:shop-data (roles/storage.objectViewer, main.tf:7)'],
    });
    expect(JSON.stringify(found.identities)).not.toContain('acme.example');
  });

  it('gives nothing where a binding takes a role away from everybody', async () => {
    const found = await read(`
resource "google_project_iam_binding" "none" {
  project = "shop"
  role    = "roles/owner"
  members = []
}
resource "google_project_iam_binding" "open" {
  project = "shop"
  role    = "roles/owner"
  members = var.members
}
`);
    expect(found.facts('google_project_iam_binding.none')).toMatchObject({ role: 'roles/owner', privilegeTier: 4 });
    expect(found.facts('google_project_iam_binding.open')).toMatchObject({ privilegeTier: 0 });
  });

  it('finds everybody in bindings, policies, data sources and access lists', async () => {
    const found = await read(`
resource "google_pubsub_topic_iam_member" "topic" {
  topic  = "t"
  role   = "roles/pubsub.publisher"
  member = "allAuthenticatedUsers"
}
data "google_iam_policy" "open" {
  binding {
    role    = "roles/run.invoker"
    members = ["allUsers"]
  }
}
resource "google_cloud_run_service_iam_policy" "run" {
  service     = "shop"
  policy_data = data.google_iam_policy.open.policy_data
}
resource "google_kms_crypto_key_iam_policy" "key" {
  crypto_key_id = google_kms_crypto_key.k.id
  policy_data   = jsonencode({ bindings = [{ role = "roles/cloudkms.admin", members = ["allUsers"] }] })
}
resource "google_kms_key_ring_iam_policy" "ring" {
  key_ring_id = "r"
  policy_data = <<EOT
{"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]}
EOT
}
resource "google_bigquery_dataset" "data" {
  dataset_id = "d"
  access {
    role          = "READER"
    special_group = "allAuthenticatedUsers"
  }
}
resource "google_storage_bucket_access_control" "acl" {
  bucket = "b"
  entity = "allUsers"
}
resource "google_storage_bucket_acl" "list" {
  bucket      = "b"
  role_entity = ["OWNER:user-a@acme.example", "READER:allUsers"]
}
resource "google_storage_bucket_acl" "closed" {
  bucket      = "b"
  role_entity = ["OWNER:user-a@acme.example"]
}
`);
    expect(firing(found, 'gcp-public-member')).toEqual([
      'data.google_iam_policy.open',
      'google_bigquery_dataset.data',
      'google_cloud_run_service_iam_policy.run',
      'google_kms_crypto_key_iam_policy.key',
      'google_kms_key_ring_iam_policy.ring',
      'google_pubsub_topic_iam_member.topic',
      'google_storage_bucket_access_control.acl',
      'google_storage_bucket_acl.list',
    ]);
  });

  it('reads one role for each element that a block repeats over', async () => {
    const found = await read(`
locals {
  roles  = ["roles/owner", "roles/logging.logWriter"]
  levels = { folder = "roles/viewer", project = "roles/browser" }
}
resource "google_service_account" "ci" { account_id = "ci" }
resource "google_project_iam_member" "set" {
  for_each = toset(local.roles)
  project  = "shop"
  role     = each.value
  member   = "serviceAccount:\${google_service_account.ci.email}"
}
resource "google_project_iam_member" "where" {
  for_each = toset(local.deploy ? local.roles : [])
  project  = "shop"
  role     = each.key
  member   = "group:ops@acme.example"
}
resource "google_project_iam_member" "map" {
  for_each = local.levels
  project  = "shop"
  role     = each.value
  member   = "group:ops@acme.example"
}
resource "google_project_iam_member" "open" {
  for_each = toset(var.roles)
  project  = "shop"
  role     = each.value
  member   = var.member
}
resource "google_pubsub_topic_iam_member" "people" {
  for_each = toset(["allUsers", "group:ops@acme.example"])
  topic    = "t"
  role     = "roles/pubsub.publisher"
  member   = each.key
}`);
    expect(found.named('ci').attributes['privilegeTier']?.value).toBe(0);
    expect(found.named('ci').grants.map(({ permission }) => permission)).toEqual([
      'roles/owner',
      'roles/logging.logWriter',
    ]);
    expect(found.facts('google_project_iam_member.set')).toMatchObject({ privilegeTier: 0, basicRole: 'owner' });
    expect(found.facts('google_project_iam_member.where')['privilegeTier']).toBe(0);
    expect(found.facts('google_project_iam_member.map')).toMatchObject({ basicRole: 'viewer' });
    expect(found.facts('google_project_iam_member.open')).not.toHaveProperty('privilegeTier');
    expect(found.facts('google_project_iam_member.open')).not.toHaveProperty('memberKinds');
    expect(found.facts('google_pubsub_topic_iam_member.people')).toMatchObject({
      publicAccess: true,
      memberKinds: ['allUsers', 'group'],
    });
  });

  it('reads the roles that a called module decides about', async () => {
    const found = await declare(terraform, {
      'modules/member/main.tf': `
variable "level" {}
variable "roles" {}
resource "google_organization_iam_member" "org" {
  for_each = toset(var.level == "organization" ? var.roles : [])
  org_id   = "1"
  role     = each.key
  member   = "group:ops@acme.example"
}
resource "google_folder_iam_member" "folder" {
  for_each = toset(var.level == "folder" ? var.roles : [])
  folder   = "2"
  role     = each.key
  member   = "group:ops@acme.example"
}`,
      'main.tf': `
module "top" {
  source = "./modules/member"
  level  = "organization"
  roles  = ["roles/resourcemanager.organizationAdmin"]
}
module "any" {
  source = "./modules/member"
  level  = var.level
  roles  = ["roles/browser"]
}`,
    });
    const tiers = found.identities.map(({ name, attributes }) => [name, attributes['privilegeTier']?.value]);
    expect(Object.fromEntries(tiers)).toEqual({
      'module.top.google_organization_iam_member.org': 0,
      'module.any.google_organization_iam_member.org': 3,
      'module.any.google_folder_iam_member.folder': 3,
    });
  });

  it('counts of a role what the resource knows', async () => {
    const found = await read(`
resource "google_sourcerepo_repository_iam_member" "repo" {
  repository = "policies"
  role       = "roles/viewer"
  member     = "group:ops@acme.example"
}`);
    expect(found.facts('google_sourcerepo_repository_iam_member.repo')).toMatchObject({
      tierReasons: ['source.repos.get on sourcerepo_repository:policies (roles/viewer, main.tf:2)'],
    });
  });

  it('leaves open what variables, other modules and unknown roles decide', async () => {
    const found = await read(`
variable "who" {}
variable "role" {}
resource "google_project_iam_member" "member" {
  project = "shop"
  role    = "roles/viewer"
  member  = var.who
}
resource "google_project_iam_binding" "role" {
  project = "shop"
  role    = var.role
  members = ["serviceAccount:a@shop.iam.gserviceaccount.com"]
}
resource "google_project_iam_member" "custom" {
  project = "shop"
  role    = "organizations/1/roles/elsewhere"
  member  = "serviceAccount:b@shop.iam.gserviceaccount.com"
}
resource "google_project_iam_policy" "policy" {
  project     = "shop"
  policy_data = var.policy
}
`);
    expect(found.facts('google_project_iam_member.member')).not.toHaveProperty('publicAccess');
    for (const name of ['google_project_iam_binding.role', 'google_project_iam_member.custom']) {
      expect(found.facts(name), name).not.toHaveProperty('privilegeTier');
    }
    for (const name of ['a', 'b']) {
      expect(found.facts(`${name}@shop.iam.gserviceaccount.com`)).not.toHaveProperty('privilegeTier');
    }
    expect(found.facts('google_project_iam_policy.policy')).toEqual({ grantLevel: 'project' });
  });

  it('reads custom roles, by reference and by name', async () => {
    const found = await read(`
resource "google_project_iam_custom_role" "r" {
  role_id     = "deployer"
  title       = "d"
  permissions = ["iam.serviceAccounts.actAs", "run.services.create"]
}
resource "google_project_iam_member" "a" {
  project = "shop"
  role    = google_project_iam_custom_role.r.id
  member  = "serviceAccount:a@shop.iam.gserviceaccount.com"
}
resource "google_project_iam_member" "b" {
  project = "shop"
  role    = "projects/shop/roles/deployer"
  member  = "serviceAccount:b@shop.iam.gserviceaccount.com"
}
`);
    expect(found.facts('deployer')).toMatchObject({ privilegeTier: 0 });
    for (const name of ['a', 'b']) {
      expect(found.facts(`${name}@shop.iam.gserviceaccount.com`)).toMatchObject({ privilegeTier: 0 });
    }
    expect(firing(found, 'gcp-custom-role-escalation')).toEqual(['deployer']);
    expect(firing(found, 'gcp-service-account-tier-0')).toHaveLength(2);
  });

  it('gives an account the tier of those that it may act as', async () => {
    const found = await read(`
resource "google_project_iam_member" "root" {
  project = "shop"
  role    = "roles/owner"
  member  = "serviceAccount:root@shop.iam.gserviceaccount.com"
}
resource "google_service_account_iam_member" "mid" {
  service_account_id = "projects/shop/serviceAccounts/root@shop.iam.gserviceaccount.com"
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "serviceAccount:mid@shop.iam.gserviceaccount.com"
}
resource "google_service_account_iam_member" "low" {
  service_account_id = "projects/shop/serviceAccounts/mid@shop.iam.gserviceaccount.com"
  role               = "roles/iam.serviceAccountUser"
  member             = "serviceAccount:low@shop.iam.gserviceaccount.com"
}
`);
    const low = found.facts('low@shop.iam.gserviceaccount.com');
    expect(low).toMatchObject({ privilegeTier: 0 });
    expect(low['tierReasons']).toContain(
      'iam.serviceAccounts.actAs on service_account:mid@shop.iam.gserviceaccount.com, which is tier 0 (main.tf:12)',
    );
  });

  it('judges roles for service accounts and for the default one', async () => {
    const found = await read(`
resource "google_project_iam_member" "admin" {
  project = "shop"
  role    = "roles/storage.admin"
  member  = "serviceAccount:a@shop.iam.gserviceaccount.com"
}
resource "google_folder_iam_binding" "act" {
  folder  = "folders/1"
  role    = "roles/iam.serviceAccountUser"
  members = ["user:jo@acme.example"]
}
resource "google_organization_iam_member" "default" {
  org_id = "1"
  role   = "roles/logging.logWriter"
  member = "serviceAccount:1-compute@developer.gserviceaccount.com"
}
resource "google_project_iam_member" "fine" {
  project = "shop"
  role    = "roles/storage.objectViewer"
  member  = "serviceAccount:a@shop.iam.gserviceaccount.com"
}
`);
    expect(firing(found, 'gcp-service-account-admin-role')).toEqual(['google_project_iam_member.admin']);
    expect(firing(found, 'gcp-impersonation-role')).toEqual(['google_folder_iam_binding.act']);
    expect(firing(found, 'gcp-default-account-granted')).toEqual(['google_organization_iam_member.default']);
    expect(firing(found, 'gcp-basic-role')).toEqual([]);
  });
});

describe('workload identity', () => {
  const provider = (name: string, condition: string | undefined, mapping = ''): string => `
resource "google_iam_workload_identity_pool_provider" "${name}" {
  workload_identity_pool_provider_id = "${name}"
  attribute_mapping = { "google.subject" = "assertion.sub" ${mapping} }
  ${condition === undefined ? '' : `attribute_condition = "${condition}"`}
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}
`;

  it.each([
    ["assertion.sub == 'repo:acme/shop:ref:refs/heads/main'", 'subject'],
    ["assertion.sub == 'repo:acme/shop:*'", 'repository'],
    ["assertion.repository == 'acme/shop'", 'repository'],
    ["assertion.repository_owner_id == '123' && assertion.ref == 'refs/heads/main'", 'owner'],
    ["attribute.repo in ['acme/shop', 'acme/web']", 'repository'],
    ["assertion.sub.startsWith('repo:acme/')", 'owner'],
    ["assertion.sub == '*'", 'anyone'],
    ["assertion.sub == 'repo:*'", 'anyone'],
    ["assertion.sub == 'repo:acme*'", 'anyone'],
    ["assertion.sub == 'workflow:deploy'", 'anyone'],
    ["assertion.repository == 'acme/shop' || assertion.sub == '*'", 'anyone'],
    ["assertion.actor == 'jo'", 'other'],
    ['true', 'anyone'],
  ])('%s lets in %s', async (condition, expected) => {
    const found = await read(provider('gh', condition, ', "attribute.repo" = "assertion.repository"'));
    expect(found.facts('gh')).toMatchObject({ attributeCondition: true, conditionLetsIn: expected });
  });

  it('judges weak conditions, and not what a variable decides', async () => {
    const found = await read(
      `${provider('weak', "assertion.sub == '*'")}${provider('none', undefined)}${provider('open', '$'.concat('{var.condition}'))}`,
    );
    expect(firing(found, 'gcp-workload-provider-weak-condition')).toEqual(['weak']);
    expect(firing(found, 'gcp-workload-provider-without-condition')).toEqual(['none']);
    expect(found.facts('open')).not.toHaveProperty('conditionLetsIn');
  });
});

describe('workloads and credentials', () => {
  it('tells which account a workload runs as', async () => {
    const found = await read(`
resource "google_service_account" "own" {
  account_id = "own"
  project    = "shop"
}
resource "google_compute_instance" "default" {
  name = "default"
  service_account {
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
}
resource "google_compute_instance" "own" {
  name = "own"
  service_account {
    email  = google_service_account.own.email
    scopes = ["cloud-platform"]
  }
}
resource "google_compute_instance" "none" { name = "none" }
resource "google_cloudfunctions_function" "f" { name = "f" }
resource "google_cloud_run_v2_service" "v" {
  name = "v"
  template { service_account = var.account }
}
resource "google_container_cluster" "c" {
  name               = "c"
  enable_legacy_abac = true
  master_auth {
    username = "admin"
    password = var.password
    client_certificate_config { issue_client_certificate = true }
  }
}
`);
    expect(firing(found, 'gcp-default-account-used')).toEqual(['default', 'f']);
    expect(firing(found, 'gcp-default-account-full-scope')).toEqual(['default']);
    expect(found.facts('none')).not.toHaveProperty('defaultAccount');
    expect(found.facts('v')).not.toHaveProperty('defaultAccount');
    expect(found.edges.some(({ kind, toKey }) => kind === 'uses' && toKey.value.includes('own@shop'))).toBe(true);
    for (const rule of ['basic-auth', 'client-certificate', 'legacy-authorization']) {
      expect(firing(found, `gcp-cluster-${rule}`), rule).toEqual(['c']);
    }
  });

  it('reads API keys, HMAC keys, secrets and keys', async () => {
    const found = await read(`
resource "google_apikeys_key" "open" { name = "open" }
resource "google_apikeys_key" "tight" {
  name = "tight"
  restrictions {
    api_targets { service = "maps" }
    browser_key_restrictions { allowed_referrers = ["acme.example"] }
  }
}
resource "google_storage_hmac_key" "h" { service_account_email = "a@shop.iam.gserviceaccount.com" }
resource "google_secret_manager_secret" "still" { secret_id = "still" }
resource "google_secret_manager_secret" "turns" {
  secret_id = "turns"
  rotation { rotation_period = "7776000s" }
}
resource "google_kms_crypto_key" "never" { name = "never" }
resource "google_kms_crypto_key" "yearly" {
  name            = "yearly"
  rotation_period = "31536000s"
}
resource "google_kms_crypto_key" "often" {
  name            = "often"
  rotation_period = "7776000s"
}
resource "google_kms_crypto_key" "signs" {
  name    = "signs"
  purpose = "ASYMMETRIC_SIGN"
}
`);
    expect(firing(found, 'gcp-api-key-unrestricted')).toEqual(['open']);
    expect(firing(found, 'gcp-hmac-key')).toEqual(['h']);
    expect(firing(found, 'gcp-secret-without-rotation')).toEqual(['still']);
    expect(firing(found, 'gcp-kms-key-without-rotation')).toEqual(['never', 'yearly']);
  });
});
