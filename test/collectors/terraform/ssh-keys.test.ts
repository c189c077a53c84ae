import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { declare } from '../declared.ts';
import { failuresOf } from '../judged.ts';

/** A public key of RSA, as RFC 4253 writes it. Its modulus is made up. */
function rsaKey(bits: number): string {
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.alloc(bits / 8, 0xff)]);
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from([1, 0, 1])), field(modulus)]);
  return `ssh-rsa ${blob.toString('base64')}`;
}

const WEAK = rsaKey(1024);
const GOOD = rsaKey(4096);

describe('SSH keys that machines let in', () => {
  it('are entries with type and size, of every cloud', async () => {
    const files = {
      'main.tf': `
resource "aws_key_pair" "ops" {
  public_key = "${WEAK} jordan@shop.example"
}
resource "azurerm_linux_virtual_machine" "vm" {
  admin_ssh_key {
    username   = "root"
    public_key = "${GOOD}"
  }
}
resource "google_compute_project_metadata" "all" {
  metadata = {
    ssh-keys = <<EOT
ops:${WEAK} ops
dev:${GOOD} dev
EOT
  }
}
resource "google_compute_project_metadata_item" "item" {
  key   = "ssh-keys"
  value = "one:${GOOD}"
}
resource "digitalocean_ssh_key" "file" {
  public_key = file("id.pub")
}
`,
    };
    const { identities } = await declare(terraform, files);
    const keys = identities.filter(({ type }) => type === 'authorised_ssh_key');
    expect(keys.map(({ name, account, attributes }) => [name, account, attributes['keyBits']?.value])).toEqual([
      ['aws_key_pair.ops', undefined, 1024],
      ['azurerm_linux_virtual_machine.vm', 'root', 4096],
      ['google_compute_project_metadata.all', 'ops', 1024],
      ['google_compute_project_metadata.all', 'dev', 4096],
      ['google_compute_project_metadata_item.item', 'one', 4096],
    ]);
    expect(keys[0]?.keys).toEqual([{ kind: 'ssh-fingerprint', value: expect.stringMatching(/^SHA256:/) }]);
    expect(JSON.stringify(identities)).not.toContain('jordan');
    expect(await failuresOf(terraform, files)).toEqual(
      expect.arrayContaining(['ssh-key-weak: aws_key_pair.ops', 'ssh-key-weak: google_compute_project_metadata.all']),
    );
  });
});
