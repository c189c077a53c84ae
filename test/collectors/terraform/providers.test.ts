import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { declare } from '../declared.ts';
import { failuresOf } from '../judged.ts';

const PASSWORD = `${'hunter'}${'2-hunter2'}`;

describe('credentials in provider blocks', () => {
  it('are entries, of every provider, without their value', async () => {
    const files = {
      'main.tf': `
provider "openstack" {
  auth_url = "https://cloud.example"
  password = "${PASSWORD}"
}
provider "openstack" {
  alias                         = "other"
  application_credential_secret = "${PASSWORD}"
}
provider "vault" {
  token           = var.token
  skip_token_name = "x"
}
provider "panos" { api_key = "" }
`,
    };
    const { identities, edges } = await declare(terraform, files);
    expect(identities.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'password provider.openstack.password',
      'api_key provider.openstack.other.application_credential_secret',
    ]);
    expect(await failuresOf(terraform, files)).toEqual([
      'credential-in-provider-block: provider.openstack.other.application_credential_secret',
      'credential-in-provider-block: provider.openstack.password',
    ]);
    expect(JSON.stringify([identities, edges])).not.toContain(PASSWORD);
  });
});

describe('an address that is declared twice', () => {
  it('hides nothing', async () => {
    const binding = (members: string): string => `
resource "google_project_iam_binding" "b" {
  project = "shop"
  role    = "roles/viewer"
  members = ["${members}"]
}
`;
    const { identities } = await declare(terraform, {
      'main.tf': binding('user:a@shop.example') + binding('allUsers'),
    });
    const names = identities.filter(({ type }) => type === 'gcp_iam_binding').map(({ id }) => id.split(':').at(-1));
    expect(names).toEqual(['google_project_iam_binding.b', 'google_project_iam_binding.b (2)']);
    expect(await failuresOf(terraform, { 'main.tf': binding('user:a@shop.example') + binding('allUsers') })).toContain(
      'gcp-public-member: google_project_iam_binding.b (2)',
    );
  });

  it('is one where a file overrides', async () => {
    const user = 'resource "aws_iam_user" "u" { name = "u" }\n';
    const { identities } = await declare(terraform, { 'main.tf': user, 'main_override.tf': user });
    expect(identities.map(({ id }) => id)).toEqual(['terraform:acme/shop:aws_iam_user.u']);
  });
});

describe('every action', () => {
  it('on named resources is everything of a service, and no administrator', async () => {
    const found = await failuresOf(terraform, {
      'main.tf': `
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["*"]
    resources = ["arn:aws:s3:::shop/*"]
  }
}
`,
    });
    expect(found).toContain('aws-service-wildcard: d');
    expect(found).not.toContain('aws-administrator: d');
  });
});
