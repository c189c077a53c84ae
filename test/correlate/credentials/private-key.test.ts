import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/private-key.ts';
import { foundOf, place } from '../build.ts';

describe('private-key', () => {
  const ssh = { kind: 'ssh-fingerprint', value: 'SHA256:abc' };
  const spki = { kind: 'public-key-fingerprint', value: 'sha256:12' };

  it('names a key by the fingerprint of its public half', () => {
    const secret = foundOf('private-key-openssh', { keys: [ssh, spki], facts: { keyType: 'rsa', keyBits: 4096 } });
    expect(reader.read(secret)?.credential).toMatchObject({
      id: 'ssh:SHA256:abc',
      type: 'ssh_key',
      facts: { keyType: 'rsa', keyBits: 4096 },
    });
    expect(reader.read(foundOf('x', { keys: [spki] }))?.credential).toMatchObject({
      id: 'key:sha256:12',
      type: 'private_key',
    });
    expect(reader.read(foundOf('x'))).toBeUndefined();
  });

  it('calls a key of SSH what only SSH reads, or what its file says', () => {
    const typeOf = (rule: string, path: string) =>
      reader.read(foundOf(rule, { keys: [ssh, spki], locations: [place(path, 1)] }))?.credential;
    expect(typeOf('private-key-pem', 'export/private.pem')).toMatchObject({ type: 'private_key', id: 'key:sha256:12' });
    expect(typeOf('private-key-pem', 'export/private.pem')?.keys).toEqual([ssh, spki]);
    for (const path of ['home/.ssh/key', 'keys/id_rsa', 'id_ecdsa.old', 'deploy-ssh.pem', 'ci/deploy_rsa'])
      expect(typeOf('private-key-pem', path)?.type, path).toBe('ssh_key');
    for (const path of ['tls/server.key', 'sshd/a.pem', 'valid_rsax.pem'])
      expect(typeOf('private-key-pem', path)?.type, path).toBe('private_key');
    expect(typeOf('private-key-putty', 'a.ppk')?.type).toBe('ssh_key');
  });

  it('names the GitHub App by the file that GitHub gives, or by an id beside it', () => {
    const file = foundOf('x', { keys: [spki], locations: [place('keys/acme-bot.2026-01-05.private-key.pem', 1)] });
    expect(reader.read(file)?.principals).toMatchObject([
      { id: 'github:app:acme-bot', keys: [{ kind: 'github-app-slug', value: 'acme-bot' }] },
    ]);
    const beside = foundOf('x', { keys: [spki], nearbyKeys: [{ kind: 'github-app-id', value: '4711' }] });
    expect(reader.read(beside)?.principals).toMatchObject([{ id: 'github:app:4711' }]);
    expect(reader.read(foundOf('x', { keys: [spki] }))?.principals).toEqual([]);
  });

  it('names a key of Apple by its file, and says that it has no end', () => {
    const file = foundOf('x', { keys: [spki], locations: [place('ios/AuthKey_ABC123DEFG.p8', 1)] });
    expect(reader.read(file)).toMatchObject({
      credential: { id: 'apple:auth-key:ABC123DEFG', keys: [spki], facts: { expiresAt: 'never' } },
    });
    const other = foundOf('x', { keys: [spki], locations: [place('ios/MyAuthKey_ABC123DEFG.p8', 1)] });
    expect(reader.read(other)?.credential?.id).toBe('key:sha256:12');
  });
});
