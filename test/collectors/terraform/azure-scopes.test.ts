import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { declare } from '../declared.ts';

const MODULE = `
variable "registries" { default = {} }
variable "gateway" { default = null }
variable "subnet" { default = null }
variable "pools" { default = {} }
locals {
  segments = try(split("/", try(var.subnet.id, null)), [])
  subnets = merge({ for k, v in merge([
    for key, pool in var.pools : { "\${key}-nodes" : pool.subnet, "\${key}-pods" : pool.pods }
  ]...) : k => v if v != null }, var.subnet == null ? {} : { own = { id = var.subnet.id } })
}
resource "azurerm_role_assignment" "registry" {
  for_each             = var.registries
  scope                = each.value
  role_definition_name = "AcrPull"
  principal_id         = "x"
}
resource "azurerm_role_assignment" "gateway" {
  count                = var.gateway == null ? 0 : 1
  scope                = var.gateway.id
  role_definition_name = "Contributor"
  principal_id         = "x"
}
resource "azurerm_role_assignment" "subnets" {
  for_each             = var.on ? local.subnets : {}
  scope                = each.value.id
  role_definition_name = "Network Contributor"
  principal_id         = "x"
}
resource "azurerm_role_assignment" "network" {
  scope                = join("/", slice(local.segments, 0, length(local.segments) - 2))
  role_definition_name = "Network Contributor"
  principal_id         = "x"
}
resource "azurerm_role_assignment" "group" {
  scope                = join("/", slice(split("/", var.subnet.id), 0, 5))
  role_definition_name = "Contributor"
  principal_id         = "x"
}
`;

const CALLER = `
module "m" {
  source     = "./m"
  registries = { example = azurerm_container_registry.main.id }
  gateway    = var.with_gateway ? { id = azurerm_application_gateway.main[0].id } : null
  subnet     = { id = azurerm_subnet.main.id }
  pools      = local.pools
}
locals {
  pools = { for i in range(3) : "worker\${i}" => { subnet = { id = azurerm_subnet.pool[i].id }, pods = null } }
}
`;

const assignment = (name: string, rest: string): string => `
resource "azurerm_role_assignment" "${name}" {
  role_definition_name = "Contributor"
  principal_id         = "x"
  ${rest}
}
`;

describe('scopes', () => {
  it('are found behind what a caller passes, repeats over and takes apart', async () => {
    const found = await declare(terraform, { 'm/main.tf': MODULE, 'main.tf': CALLER });
    const levelOf = (name: string) => found.facts(`module.m.azurerm_role_assignment.${name}`)['grantLevel'];
    expect(['registry', 'gateway', 'subnets', 'network'].map(levelOf)).toEqual(Array(4).fill('resource'));
    expect(levelOf('group')).toBe('resource-group');
    const [reason] = found.facts('module.m.azurerm_role_assignment.group')['tierReasons'] as string[];
    expect(reason).toContain(' on resource-group:of azurerm_subnet.main (');
  });

  it('are the widest of a block that repeats, and open where a condition decides', async () => {
    const found = await declare(terraform, {
      'main.tf': [
        'locals { places = { all = data.azurerm_subscription.own.id, shop = azurerm_resource_group.shop.id } }',
        assignment('each', 'for_each = local.places\n  scope = each.value'),
        assignment('key', 'for_each = toset([azurerm_resource_group.shop.id])\n  scope = each.key'),
        assignment('either', 'scope = coalesce(var.scope, azurerm_resource_group.shop.id)'),
        assignment('both', 'scope = var.own ? azurerm_resource_group.shop.id : data.azurerm_subscription.own.id'),
        assignment('some', 'scope = lookup(local.places, var.name)'),
        assignment('other', 'scope = lookup(local.groups, var.name, azurerm_resource_group.shop.id)'),
        assignment('nested', 'for_each = toset(flatten(local.lists))\n  scope = each.value'),
        'locals { groups = { a = azurerm_resource_group.a.id, b = azurerm_resource_group.b.id } }',
        'locals { lists = [[azurerm_resource_group.a.id], [azurerm_resource_group.b.id]] }',
        assignment('circle', 'scope = local.round.id'),
        'locals { round = { id = local.round.id } }',
        assignment('general', 'scope = azapi_resource.rg.id'),
        'resource "azapi_resource" "rg" { type = "Microsoft.Resources/resourceGroups@2021-04-01" }',
      ].join('\n'),
    });
    const levelOf = (name: string) => found.facts(`azurerm_role_assignment.${name}`)['grantLevel'];
    expect(levelOf('each')).toBe('subscription');
    for (const name of ['key', 'other', 'nested']) expect(levelOf(name), name).toBe('resource-group');
    expect(levelOf('general')).toBe('resource-group');
    for (const name of ['either', 'both', 'circle', 'some']) expect(levelOf(name), name).toBeUndefined();
  });

  it('are below what an id begins with', async () => {
    const found = await declare(terraform, {
      'main.tf': [
        assignment('inner', 'scope = "${azurerm_resource_group.rg.id}/providers/Microsoft.Storage/storageAccounts/a"'),
        assignment('shop', 'scope = "${data.azurerm_subscription.own.id}/resourceGroups/shop"'),
      ].join('\n'),
    });
    expect(found.facts('azurerm_role_assignment.inner')).toMatchObject({ grantLevel: 'resource' });
    expect(found.facts('azurerm_role_assignment.shop')).toMatchObject({ grantLevel: 'resource-group' });
  });

  it('are a gap where locals fan out', async () => {
    const chainOf = (length: number): string => {
      const either = Array.from({ length }, (_, at) => `l${at} = var.on ? local.l${at + 1} : local.l${at + 1}`);
      return `locals {\n${either.join('\n')}\nl${length} = azurerm_resource_group.rg.id\n}\n${assignment('wide', 'scope = local.l0')}`;
    };
    const short = await declare(terraform, { 'main.tf': chainOf(5) });
    expect(short.facts('azurerm_role_assignment.wide')).toMatchObject({ grantLevel: 'resource-group' });
    expect(short.gaps).toEqual([]);
    const long = await declare(terraform, { 'main.tf': chainOf(13) });
    expect(long.facts('azurerm_role_assignment.wide')).not.toHaveProperty('grantLevel');
    expect(long.gaps).toEqual([expect.stringContaining('too many steps')]);
  });
});

describe('principals', () => {
  it('are found behind repetitions, splats and variables that nobody sets', async () => {
    const roles = (name: string, principal: string, rest = ''): string =>
      `resource "azurerm_role_assignment" "${name}" {
  ${rest}
  scope                = azurerm_resource_group.rg.id
  role_definition_name = "Contributor"
  principal_id         = ${principal}
}`;
    const found = await declare(terraform, {
      'main.tf': [
        'variable "kubelet" { default = null }',
        'resource "azurerm_user_assigned_identity" "many" { for_each = toset(["a", "b"]) }',
        'resource "azurerm_user_assigned_identity" "other" { name = "other" }',
        'resource "azurerm_kubernetes_cluster" "aks" { name = "aks" }',
        'resource "azurerm_linux_function_app" "app" { name = "app" }',
        roles('many', 'each.value.principal_id', 'for_each = azurerm_user_assigned_identity.many'),
        roles('aks', 'coalesce(var.kubelet, azurerm_kubernetes_cluster.aks.kubelet_identity[0].object_id)'),
        roles('app', 'one(azurerm_linux_function_app.app.identity[*].principal_id)'),
        roles('either', 'var.a ? azurerm_user_assigned_identity.other.principal_id : var.principal'),
        'resource "azurerm_linux_web_app" "web" { name = "web" }',
        roles(
          'some',
          'try(data.azurerm_client_config.own.object_id, azurerm_linux_web_app.web.identity[0].principal_id)',
        ),
      ].join('\n'),
    });
    for (const name of ['many', 'aks', 'app']) expect(found.facts(name), name).toMatchObject({ privilegeTier: 2 });
    expect(found.facts('other')).not.toHaveProperty('privilegeTier');
    // Who may be meant, or not, is no entry by that.
    expect(found.identities.filter(({ name, type }) => name === 'web' && type === 'azure_managed_identity')).toEqual(
      [],
    );
  });
});
