import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { type Declared, declare } from '../declared.ts';
import { firing } from './firing.ts';

const read = (text: string): Promise<Declared> => declare(terraform, { 'main.tf': text });

const APPLICATION = `
resource "azuread_application" "app" { display_name = "deployer" }
resource "azuread_service_principal" "app" { client_id = azuread_application.app.client_id }
`;

describe('roles', () => {
  it('are evaluated on their scope, for applications and managed identities', async () => {
    const found = await read(`${APPLICATION}
resource "azurerm_user_assigned_identity" "m" { name = "m" }
resource "azurerm_role_assignment" "owner" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = azuread_service_principal.app.object_id
}
resource "azurerm_role_assignment" "uaa" {
  scope              = "/providers/Microsoft.Management/managementGroups/root"
  role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
  principal_id       = azurerm_user_assigned_identity.m.principal_id
}
resource "azurerm_role_assignment" "group" {
  scope                = "/subscriptions/\${var.id}/resourceGroups/shop"
  role_definition_name = "Contributor"
  principal_id         = azurerm_linux_web_app.web.identity[0].principal_id
}
resource "azurerm_linux_web_app" "web" {
  name = "web"
  identity { type = "SystemAssigned" }
}
`);
    expect(found.facts('deployer')).toMatchObject({ privilegeTier: 0 });
    expect(found.facts('web')).toMatchObject({ privilegeTier: 2 });
    expect(firing(found, 'azure-role-assignment-administrator')).toEqual([
      'azurerm_role_assignment.owner',
      'azurerm_role_assignment.uaa',
    ]);
    expect(firing(found, 'azure-application-tier-0')).toEqual(['deployer']);
    expect(firing(found, 'azure-managed-identity-tier-0')).toEqual(['m']);
  });

  it('are all those of a for_each, on the level that both sides of a condition have', async () => {
    const found = await read(`
resource "azurerm_user_assigned_identity" "m" { name = "m" }
locals { accounts = [azurerm_storage_account.a.id, azurerm_storage_account.b.id] }
resource "azurerm_storage_account" "a" { name = "a" }
resource "azurerm_storage_account" "b" { name = "b" }
resource "azurerm_role_assignment" "each" {
  for_each             = toset(["AcrPull", "Storage Blob Data Owner"])
  scope                = azurerm_storage_account.a.id
  role_definition_name = each.value
  principal_id         = azurerm_user_assigned_identity.m.principal_id
}
resource "azurerm_role_assignment" "counted" {
  count                = length(local.accounts)
  scope                = local.accounts[count.index]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.m.principal_id
}
resource "azurerm_role_assignment" "either" {
  scope                = var.id != "" ? "/subscriptions/\${var.id}" : data.azurerm_subscription.own.id
  role_definition_name = "Contributor"
  principal_id         = "x"
}
resource "azurerm_role_assignment" "mixed" {
  scope                = var.id != "" ? "/subscriptions/\${var.id}" : azurerm_storage_account.a.id
  role_definition_name = "Contributor"
  principal_id         = "x"
}
`);
    expect(
      found
        .named('m')
        .grants.map(({ permission }) => permission)
        .sort(),
    ).toEqual(['AcrPull', 'Storage Blob Data Contributor', 'Storage Blob Data Owner']);
    expect(found.facts('m')['privilegeTier']).toBeDefined();
    expect(found.facts('azurerm_role_assignment.counted')).toMatchObject({ grantLevel: 'resource' });
    expect(found.facts('azurerm_role_assignment.either')).toMatchObject({
      grantLevel: 'subscription',
      privilegeTier: 1,
    });
    expect(found.facts('azurerm_role_assignment.mixed')).not.toHaveProperty('grantLevel');
  });

  it('may be custom, by reference and by name', async () => {
    const found = await read(`${APPLICATION}
resource "azurerm_role_definition" "all" {
  name  = "all"
  scope = data.azurerm_subscription.primary.id
  permissions { actions = ["*"] }
}
resource "azurerm_role_definition" "some" {
  name  = "some"
  scope = data.azurerm_subscription.primary.id
  permissions {
    actions     = ["Microsoft.Compute/*/read"]
    not_actions = []
  }
}
resource "azurerm_role_assignment" "a" {
  scope              = data.azurerm_subscription.primary.id
  role_definition_id = azurerm_role_definition.all.role_definition_resource_id
  principal_id       = azuread_service_principal.app.object_id
}
`);
    expect(firing(found, 'azure-custom-role-escalation')).toEqual(['all']);
    expect(found.facts('some')).toMatchObject({ privilegeTier: 3 });
    expect(found.facts('deployer')).toMatchObject({ privilegeTier: 0 });
  });

  it('stay open where a role, its actions or the scope is not known', async () => {
    const found = await read(`${APPLICATION}
resource "azurerm_role_definition" "open" {
  name  = "open"
  scope = data.azurerm_subscription.primary.id
  permissions { actions = var.actions }
}
resource "azurerm_role_assignment" "role" {
  scope                = data.azurerm_subscription.primary.id
  role_definition_name = var.role
  principal_id         = azuread_service_principal.app.object_id
}
resource "azurerm_role_assignment" "elsewhere" {
  scope                = data.azurerm_subscription.primary.id
  role_definition_name = "Our own role"
  principal_id         = var.principal
}
resource "azurerm_role_assignment" "scope" {
  scope                = var.scope
  role_definition_name = "Owner"
  principal_id         = var.principal
}
`);
    for (const name of ['open', 'deployer', 'azurerm_role_assignment.role', 'azurerm_role_assignment.elsewhere']) {
      expect(found.facts(name), name).not.toHaveProperty('privilegeTier');
    }
    expect(found.facts('azurerm_role_assignment.scope')).not.toHaveProperty('privilegeTier');
  });
});

describe('the directory', () => {
  it('reads application permissions, requests, delegated grants and directory roles', async () => {
    const found = await read(`${APPLICATION}
resource "azuread_app_role_assignment" "a" {
  app_role_id         = azuread_service_principal.msgraph.app_role_ids["RoleManagement.ReadWrite.Directory"]
  principal_object_id = azuread_service_principal.app.object_id
  resource_object_id  = azuread_service_principal.msgraph.object_id
}
resource "azuread_application" "asks" {
  display_name = "asks"
  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000"
    resource_access {
      id   = "19dbc75e-c2e2-444c-a770-ec69d8559fc7"
      type = "Role"
    }
  }
}
resource "azuread_application" "reads" {
  display_name = "reads"
  required_resource_access {
    resource_app_id = data.azuread_application_published_app_ids.well_known.result.MicrosoftGraph
    resource_access {
      id   = "df021288-bdef-4463-88db-98f22de89214"
      type = "Role"
    }
  }
}
resource "azuread_directory_role" "ga" { display_name = "Global Administrator" }
resource "azuread_directory_role_assignment" "ga" {
  role_id             = azuread_directory_role.ga.template_id
  principal_object_id = azuread_service_principal.app.object_id
}
resource "azuread_service_principal_delegated_permission_grant" "d" {
  service_principal_object_id          = azuread_service_principal.app.object_id
  resource_service_principal_object_id = azuread_service_principal.msgraph.object_id
  claim_values                         = ["openid", "Directory.ReadWrite.All"]
}
`);
    expect(found.facts('deployer')).toMatchObject({
      permissions: ['RoleManagement.ReadWrite.Directory'],
      delegatedPermissions: ['openid', 'Directory.ReadWrite.All'],
      directoryRoles: ['Global Administrator'],
      privilegeTier: 0,
    });
    expect(found.facts('asks')).not.toHaveProperty('privilegeTier');
    expect(firing(found, 'azure-graph-permission-escalates')).toEqual(['asks', 'deployer']);
    expect(firing(found, 'azure-directory-role-administrator')).toEqual(['deployer']);
    expect(found.facts('reads')).toMatchObject({ requestedPermissions: ['User.Read.All'] });
  });
});

describe('credentials', () => {
  it('reads how long secrets and certificates live', async () => {
    const found = await read(`${APPLICATION}
resource "azuread_application_password" "default" { application_id = azuread_application.app.id }
resource "azuread_application_password" "short" {
  application_id    = azuread_application.app.id
  end_date_relative = "720h"
}
resource "azuread_application_password" "variable" {
  application_id    = azuread_application.app.id
  end_date_relative = var.hours
}
resource "azuread_application_certificate" "long" {
  application_id    = azuread_application.app.id
  end_date_relative = "17520h"
}
`);
    expect(firing(found, 'azure-client-credential-lifetime')).toEqual([
      'azuread_application_certificate.long',
      'azuread_application_password.default',
    ]);
    expect(found.facts('azuread_application_password.variable')).not.toHaveProperty('lifetimeDays');
  });

  it('judges federated credentials by subject and audience', async () => {
    const credential = (name: string, subject: string, more = ''): string => `
resource "azuread_application_federated_identity_credential" "${name}" {
  application_id = azuread_application.app.id
  display_name   = "${name}"
  audiences      = ["api://AzureADTokenExchange"]
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "${subject}"
  ${more}
}`;
    const found = await read(`${APPLICATION}
${credential('environment', 'repo:acme/shop:environment:production')}
${credential('any-ref', 'repo:acme/shop:*')}
${credential('anyone', '*')}
${credential('owner-open', 'repo:*')}
${credential('variable', 'repo:$'.concat('{var.repository}:ref:refs/heads/main'))}
resource "azurerm_user_assigned_identity" "m" { name = "m" }
resource "azurerm_federated_identity_credential" "pod" {
  name      = "pod"
  parent_id = azurerm_user_assigned_identity.m.id
  audience  = ["somebody-else"]
  issuer    = "https://oidc.acme.example"
  subject   = "system:serviceaccount:shop:web"
}
`);
    expect(firing(found, 'azure-federated-subject-weak')).toEqual(['anyone', 'owner-open']);
    expect(firing(found, 'azure-federated-subject-any-ref')).toEqual(['any-ref']);
    expect(firing(found, 'azure-federated-audience-unusual')).toEqual(['pod']);
    expect(found.facts('variable')).not.toHaveProperty('conditionLetsIn');
    const assume = found.edges.find(({ kind, toKey }) => kind === 'can-assume' && toKey.value === 'shop:web');
    expect(assume?.from).toContain('azurerm_user_assigned_identity.m');
  });

  it('reads when secrets and keys of Key Vault end, and never their values', async () => {
    const found = await read(`
resource "azurerm_key_vault_secret" "endless" {
  name  = "endless"
  value = "not-a-real-value"
}
resource "azurerm_key_vault_secret" "ends" {
  name            = "ends"
  value           = random_password.p.result
  expiration_date = "2027-01-01T00:00:00Z"
}
resource "azurerm_key_vault_key" "endless" { name = "endless-key" }
resource "azurerm_key_vault_key" "turns" {
  name = "turns"
  rotation_policy { expire_after = "P90D" }
}
`);
    expect(firing(found, 'azure-vault-secret-without-expiry')).toEqual(['endless']);
    expect(firing(found, 'azure-vault-secret-value-in-code')).toEqual(['endless']);
    expect(firing(found, 'azure-vault-key-without-expiry')).toEqual(['endless-key']);
    expect(JSON.stringify(found.identities)).not.toContain('not-a-real-value');
  });
});

describe('keys and passwords of resources', () => {
  it('are judged by kind of resource', async () => {
    const found = await read(`
resource "azurerm_container_registry" "small" {
  name                   = "small"
  sku                    = "Basic"
  anonymous_pull_enabled = true
}
resource "azurerm_container_registry" "level" {
  name                   = "level"
  sku                    = var.sku
  anonymous_pull_enabled = true
}
resource "azurerm_container_registry" "admin" {
  name                   = "admin"
  sku                    = "Standard"
  admin_enabled          = true
  anonymous_pull_enabled = true
}
resource "azurerm_container_registry" "fine" { name = "fine" }
resource "azurerm_storage_account" "default" { name = "default" }
resource "azurerm_storage_account" "closed" {
  name                      = "closed"
  shared_access_key_enabled = false
  local_user_enabled        = true
}
resource "azurerm_storage_account" "variable" {
  name                      = "variable"
  shared_access_key_enabled = var.keys
}
resource "azurerm_storage_container" "open" {
  name                  = "open"
  container_access_type = "blob"
}
resource "azurerm_kubernetes_cluster" "k" { name = "k" }
resource "azurerm_linux_virtual_machine" "vm" {
  name                            = "vm"
  disable_password_authentication = false
}
resource "azurerm_linux_virtual_machine" "key" { name = "key" }
resource "azurerm_mssql_server" "sql" { name = "sql" }
resource "azurerm_cosmosdb_account" "c" { name = "c" }
`);
    expect(firing(found, 'azure-registry-admin-account')).toEqual(['admin']);
    expect(firing(found, 'azure-anonymous-access')).toEqual(['admin', 'open']);
    expect(firing(found, 'azure-storage-shared-key')).toEqual(['default']);
    expect(firing(found, 'azure-storage-local-users')).toEqual(['closed']);
    expect(firing(found, 'azure-storage-sas-without-limit')).toEqual(['default']);
    expect(firing(found, 'azure-cluster-local-accounts')).toEqual(['k']);
    expect(firing(found, 'azure-machine-password')).toEqual(['vm']);
    expect(firing(found, 'azure-sql-local-login')).toEqual(['sql']);
    expect(firing(found, 'azure-sql-without-entra-administrator')).toEqual(['sql']);
    expect(firing(found, 'azure-local-authentication')).toEqual(['c']);
    expect(firing(found, 'azure-cosmos-key-writes')).toEqual(['c']);
    expect(found.facts('variable')).not.toHaveProperty('localAuth');
  });

  it('ties workloads to the managed identities that they run as', async () => {
    const found = await read(`
resource "azurerm_user_assigned_identity" "m" { name = "m" }
resource "azurerm_linux_virtual_machine" "vm" {
  name = "vm"
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.m.id]
  }
}
`);
    const use = found.edges.find(({ kind }) => kind === 'uses');
    expect(use?.from).toContain('azurerm_linux_virtual_machine.vm#workload');
    expect(use?.toKey.value).toContain('azurerm_user_assigned_identity.m');
  });
});
