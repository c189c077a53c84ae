import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { declare } from '../declared.ts';
import { failuresOf } from '../judged.ts';

const META = (name: string, more = ''): string => `metadata {\n    name = "${name}"\n    ${more}\n  }`;
const PASSWORD = `${'hunter'}${'2-hunter2'}`;

function failures(text: string): Promise<readonly string[]> {
  return failuresOf(terraform, { 'main.tf': text });
}

const ACCOUNT = `
resource "kubernetes_namespace" "shop" {
  ${META('shop')}
}
resource "kubernetes_service_account_v1" "api" {
  ${META('api', 'namespace = kubernetes_namespace.shop.metadata[0].name')}
}
`;
const BINDING = (kind: string, role: string): string => `
resource "kubernetes_${kind}" "b" {
  ${META('b', 'namespace = "shop"')}
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "${kind.startsWith('cluster') ? 'ClusterRole' : 'Role'}"
    name      = ${role}
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.api.metadata[0].name
    namespace = kubernetes_service_account_v1.api.metadata[0].namespace
  }
}
`;

describe('roles', () => {
  it('are judged as in manifests, for the account that a binding names by reference', async () => {
    const role = `
resource "kubernetes_cluster_role" "r" {
  ${META('deployer')}
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get", "list"]
  }
  rule {
    non_resource_urls = ["/metrics"]
    verbs             = ["get"]
  }
}
`;
    const files = {
      'main.tf': ACCOUNT + role + BINDING('cluster_role_binding', 'kubernetes_cluster_role.r.metadata[0].name'),
    };
    const { facts } = await declare(terraform, files);
    expect(facts('shop/api')).toMatchObject({ readsSecrets: true, clusterAdmin: false, resourceScope: 'all' });
    expect(facts('deployer')).toMatchObject({ bound: true });
    expect(await failuresOf(terraform, files)).toContain('kubernetes-reads-secrets: shop/api');
  });

  it('of a namespace, and those that nothing binds', async () => {
    const found = await failures(`
resource "kubernetes_role_v1" "r" {
  ${META('all', 'namespace = "shop"')}
  rule {
    api_groups = ["*"]
    resources  = ["*"]
    verbs      = ["*"]
  }
}
`);
    expect(found).toEqual(expect.arrayContaining(['kubernetes-wildcard-permissions: shop/all']));
  });

  it('are not assessed where a variable decides a rule', async () => {
    const role = `
variable "verbs" {}
resource "kubernetes_role" "r" {
  ${META('r', 'namespace = "shop"')}
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = var.verbs
  }
}
`;
    const files = { 'main.tf': ACCOUNT + role + BINDING('role_binding', '"r"') };
    const { facts } = await declare(terraform, files);
    expect(facts('shop/api')).not.toHaveProperty('readsSecrets');
    expect(facts('shop/api')).not.toHaveProperty('privilegeTier');
  });

  it('keep a name that a variable decides apart from others', async () => {
    const files = {
      'main.tf': `
resource "kubernetes_cluster_role" "r" {
  metadata {
    name = var.name
  }
  rule {
    api_groups = [""]
    resources  = ["nodes/proxy"]
    verbs      = ["create"]
  }
}
${ACCOUNT}${BINDING('cluster_role_binding', 'kubernetes_cluster_role.r.metadata[0].name')}`,
    };
    expect(await failuresOf(terraform, files)).toContain('kubernetes-nodes-proxy: shop/api');
  });

  it('are given to nobody where a variable names who gets them', async () => {
    const { identities } = await declare(terraform, {
      'main.tf': `
resource "kubernetes_cluster_role_binding" "b" {
  ${META('b')}
  role_ref {
    kind = "ClusterRole"
    name = "cluster-admin"
  }
  subject {
    kind = "User"
    name = var.user
  }
  subject {
    kind = "Group"
    name = "ops"
  }
}
`,
    });
    expect(identities.map(({ type, name }) => `${type} ${name}`)).toEqual(['k8s_role_binding b', 'k8s_group ops']);
  });

  it('are read from repeated blocks', async () => {
    const { facts } = await declare(terraform, {
      'main.tf': `
resource "kubernetes_cluster_role" "r" {
  ${META('r')}
  dynamic "rule" {
    for_each = var.rules
    content {
      api_groups = [""]
      resources  = rule.value
      verbs      = ["get"]
    }
  }
}
`,
    });
    expect(facts('r')).not.toHaveProperty('privilegeTier');
  });

  it('are called modules too', async () => {
    const files = {
      'main.tf': 'module "m" {\n  source = "./m"\n  role = "cluster-admin"\n}\n',
      'm/main.tf': `variable "role" {}\n${ACCOUNT}${BINDING('cluster_role_binding', 'var.role')}`,
    };
    const { named, facts } = await declare(terraform, files);
    expect(facts('shop/api')).toMatchObject({ clusterAdmin: true, privilegeTier: 0 });
    expect(named('shop/api').evidence.map(({ source }) => source)).toContain('main.tf:1');
  });
});

describe('objects', () => {
  it('of one name in one module are of two clusters', async () => {
    const { identities } = await declare(terraform, {
      'main.tf': `
resource "kubernetes_service_account" "a" {
  ${META('api')}
}
resource "kubernetes_service_account" "b" {
  provider = kubernetes.other
  ${META('api')}
  automount_service_account_token = false
}
`,
    });
    expect(identities.map(({ id, attributes }) => [id, attributes['automountToken']?.value])).toEqual([
      ['kubernetes:acme/shop:default:api', true],
      ['kubernetes:acme/shop~2:default:api', false],
    ]);
  });

  it('are workloads, with the account and the secrets that they use', async () => {
    const files = {
      'main.tf': `
resource "kubernetes_deployment_v1" "api" {
  ${META('api', 'namespace = "shop"')}
  spec {
    template {
      spec {
        host_pid = true
        container {
          name = "api"
          env {
            name = "TOKEN"
            value_from {
              secret_key_ref {
                name = "tokens"
                key  = "api"
              }
            }
          }
        }
      }
    }
  }
}
resource "kubernetes_secret" "s" {
  ${META('tokens', 'namespace = "shop"')}
  data = { api = "${PASSWORD}" }
}
resource "kubernetes_secret" "t" {
  ${META('given')}
  data = { api = var.token }
}
`,
    };
    const { facts, identities, edges } = await declare(terraform, files);
    expect(facts('shop/Deployment/api')).toMatchObject({
      isDefault: true,
      secretsInEnvironment: ['tokens'],
      nodeAccess: ['hostPID'],
    });
    expect(facts('shop/tokens')).toMatchObject({ literalData: true });
    expect(facts('default/given')).toMatchObject({ literalData: false });
    expect(JSON.stringify([identities, edges])).not.toContain(PASSWORD);
    expect(await failuresOf(terraform, files)).toEqual(
      expect.arrayContaining([
        'kubernetes-node-credentials: shop/Deployment/api',
        'kubernetes-secret-in-manifest: shop/tokens',
      ]),
    );
  });

  it('are written as manifests', async () => {
    const found = await failures(`
resource "kubernetes_manifest" "m" {
  manifest = {
    apiVersion = "v1"
    kind       = "ServiceAccount"
    metadata   = { name = "default", namespace = "shop" }
    automountServiceAccountToken = true
  }
}
`);
    expect(found).toEqual(['kubernetes-default-account-token: shop/default']);
  });

  it('come from a state', async () => {
    const attributes = {
      metadata: [{ name: 'b' }],
      role_ref: [{ kind: 'ClusterRole', name: 'cluster-admin' }],
      subject: [{ kind: 'User', name: 'jordan' }],
    };
    const resource = {
      mode: 'managed',
      type: 'kubernetes_cluster_role_binding',
      name: 'b',
      instances: [{ attributes }],
    };
    const state = JSON.stringify({ version: 4, terraform_version: '1.9.0', resources: [resource] });
    const { facts } = await declare(terraform, { 'terraform.tfstate': state });
    expect(facts('jordan')).toMatchObject({ clusterAdmin: true });
    expect(facts('b')).toMatchObject({ stateCommitted: true });
  });

  it('are bounded in depth', async () => {
    const deep = `${'{ a = '.repeat(200)}1${' }'.repeat(200)}`;
    const text = `resource "kubernetes_manifest" "m" {\n  manifest = ${deep}\n}\n`;
    await expect(declare(terraform, { 'main.tf': text })).resolves.toBeDefined();
  });
});
