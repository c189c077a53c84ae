import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/ssh/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const ED25519 = `ssh-ed25519 ${Buffer.concat([text('ssh-ed25519'), text(Buffer.alloc(32, 7))]).toString('base64')}`;

function rsa(bits: number): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const { n = '' } = publicKey.export({ format: 'jwk' });
  const modulus = Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')]);
  return `ssh-rsa ${Buffer.concat([text('ssh-rsa'), text(Buffer.of(1, 0, 1)), text(modulus)]).toString('base64')}`;
}
const WEAK = rsa(1024);

describe('ssh', () => {
  it.each([
    ['.ssh/authorized_keys', true],
    ['id_ed25519.pub', true],
    ['.ssh/known_hosts', true],
    ['.ssh/config', true],
    ['authorized_keys.sample', true],
    ['config', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads options, type, size, fingerprint and comment of authorised keys', async () => {
    const lines = `# team\nfrom="10.0.0.0/8",command="run \\"x\\" now",restrict ${ED25519} deploy@build01\n${ED25519.replace('Bwc', 'Bwd')} kim@acme.io\n`;
    const { named, facts } = await declare(collector, { 'home/app/.ssh/authorized_keys': lines });
    expect(facts('deploy@build01')).toEqual({
      authMethod: 'key_pair',
      keyType: 'ed25519',
      keyBits: 256,
      keyLimits: ['from', 'command', 'restrict'],
      networkRestricted: true,
      logsInAsRoot: false,
      anyPrincipal: false,
    });
    expect(named('deploy@build01').account).toBe('app');
    expect(named('kim').keys[0]?.kind).toBe('ssh-fingerprint');
  });

  it('reads keys of hosts and of users', async () => {
    const { identities } = await declare(collector, {
      '.ssh/known_hosts': `[git.acme.io]:2222,10.0.0.1 ${ED25519}\n`,
      'id.pub': `${ED25519} bot@ci\n`,
      'other.pub': 'no key of SSH\n',
    });
    expect(identities.map(({ type, name }) => [type, name])).toEqual([
      ['ssh_host_key', '[git.acme.io]:2222'],
      ['ssh_key', 'bot@ci'],
    ]);
  });

  it('makes a gap with the line of what is no key', async () => {
    const { gaps, identities } = await declare(collector, { authorized_keys: `${ED25519} a\nssh-rsa AAAA b\n` });
    expect(gaps).toEqual(['authorized_keys:2: no public key of a known type']);
    expect(identities).toHaveLength(1);
  });
});

describe('rules about SSH', () => {
  it.each([
    ['ssh-root-key-unlimited', { 'root/.ssh/authorized_keys': `${ED25519} a` }],
    ['ssh-key-weak', { authorized_keys: `${WEAK} a` }],
    ['ssh-key-weak', { known_hosts: `git.acme.io ${WEAK}` }],
    ['ssh-key-on-many-hosts', { 'a/authorized_keys': `${ED25519} a`, 'b/authorized_keys': `${ED25519} a` }],
    ['ssh-authority-any-principal', { authorized_keys: `cert-authority ${ED25519} ca` }],
    ['ssh-host-keys-unchecked', { '.ssh/config': 'Host *\n  StrictHostKeyChecking no\n' }],
    ['ssh-agent-forwarded-to-all', { '.ssh/config': 'Host *\n  ForwardAgent yes\n' }],
    ['ssh-root-login', { '.ssh/config': 'Host web\n  HostName web.acme.io\n  User root\n' }],
  ])('%s fires', async (rule, files) => {
    const fired = await firedRules(collector, files);
    expect(new Set(fired.map((line) => line.slice(0, line.indexOf(':'))))).toEqual(new Set([rule]));
  });

  it('stay silent about limited keys and careful clients', async () => {
    const files = {
      'root/.ssh/authorized_keys': `from="10.0.0.1",restrict ${ED25519} a`,
      '.ssh/config': 'Host web\n  HostName web.acme.io\n  User deploy\n  StrictHostKeyChecking yes\n',
    };
    expect(await firedRules(collector, files)).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a file of each kind',
    {
      authorized_keys: `${ED25519} a`,
      known_hosts: `h ${ED25519}`,
      'a.pub': ED25519,
      '.ssh/config': 'Host *\n User root',
    },
    { identities: 4 },
  ),
  declaredCase('broken', { authorized_keys: 'x="', known_hosts: '| |', '.ssh/config': 'Host' }),
]);
