import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/ansible/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const SECRET = 'q7Lm2xAw9ZtR4c';
const HOSTS = `# machines
bastion.acme.io ansible_user=root ansible_password='${SECRET}' ansible_port=22
[web]
web[01:20].acme.io ansible_host=10.0.0.1
db1.prod.acme.io ansible_user=deploy ansible_ssh_private_key_file=~/.ssh/deploy
[web:vars]
ansible_user=deploy
ansible_ssh_common_args=-o StrictHostKeyChecking=no -o ProxyJump=bastion
[all:children]
web
`;
const TREE = `all:
  vars:
    ansible_user: deploy
  children:
    windows:
      hosts:
        win1.acme.io:
          ansible_user: Administrator
          ansible_password: "{{ vault_windows }}"
          ansible_winrm_server_cert_validation: ignore
`;
const VARIABLES = `ansible_user: app
ansible_become_password: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  62313365396662343061393464336163383764373764613633653634306231386433626436623361
db_password: ${SECRET}
`;
const CONFIGURATION = `[defaults]
remote_user = ansible
host_key_checking = False
private_key_file = /keys/ansible
vault_identity_list = dev@~/.vault_dev, prod@prompt
[ssh_connection]
pipelining = True
`;
const FILES = {
  'inventory/hosts': HOSTS,
  'inventory/windows.yml': TREE,
  'group_vars/production.yml': VARIABLES,
  'ansible.cfg': CONFIGURATION,
};

describe('ansible', () => {
  it.each([
    ['hosts', true],
    ['inventory.ini', true],
    ['inventories/prod/hosts.yml', true],
    ['group_vars/all/main.yml', true],
    ['host_vars/web1', true],
    ['ansible.cfg', true],
    ['deploy/.ansible.cfg', true],
    ['src/inventory.ts', false],
    ['src/hosts.py', false],
    ['roles/web/tasks/main.yml', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('looks at inventories only where they say how to connect', () => {
    expect(collector.sniff?.(Buffer.from('127.0.0.1 localhost'), 'hosts')).toBe(false);
    expect(collector.sniff?.(Buffer.from(HOSTS), 'hosts')).toBe(true);
  });

  it('reads who logs in where, with the line', async () => {
    const { identities, gaps } = await declare(collector, FILES);
    expect(gaps).toEqual([]);
    expect(identities.map(({ type, name, evidence }) => [type, name, evidence[0]?.location?.startLine])).toEqual([
      ['ansible_login', 'root@bastion.acme.io', 2],
      ['ansible_login', 'deploy@db1.prod.acme.io', 5],
      ['ansible_login', 'deploy@web', 7],
      ['ansible_login', 'deploy@all', 2],
      ['ansible_login', 'Administrator@win1.acme.io', 7],
      ['ansible_login', 'app@production', 1],
      ['ansible_login', 'ansible@all hosts', 1],
      ['secret_store', 'ansible.cfg', 1],
    ]);
  });

  it('says how it logs in, and whether a password stands there', async () => {
    const { facts } = await declare(collector, FILES);
    expect(facts('root@bastion.acme.io')).toEqual({
      authMethod: 'password',
      literal: true,
      storage: 'plaintext_file',
      logsInAsRoot: true,
    });
    expect(facts('deploy@db1.prod.acme.io')).toEqual({
      authMethod: 'key_pair',
      logsInAsRoot: false,
      environment: 'production',
    });
    expect(facts('deploy@web')).toMatchObject({ checksHostKeys: false });
    expect(facts('Administrator@win1.acme.io')).toMatchObject({ literal: false, tlsVerified: false });
    expect(facts('app@production')).toMatchObject({ literal: false, storage: 'encrypted_file' });
    expect(facts('ansible@all hosts')).toMatchObject({ authMethod: 'key_pair', checksHostKeys: false });
    expect(facts('ansible.cfg')).toEqual({ storage: 'encrypted_file', secretNames: ['dev', 'prod'] });
  });

  it('says nothing of a configuration that tells nothing of a login', async () => {
    const plain = { 'ansible.cfg': '[defaults]\ninventory = ./inventory.ini\nnocows = True\n' };
    expect((await declare(collector, plain)).identities).toEqual([]);
    const unchecked = { 'ansible.cfg': '[defaults]\nhost_key_checking = False\n' };
    expect((await declare(collector, unchecked)).identities.map(({ name }) => name)).toEqual(['all hosts']);
  });

  it('says nothing of a file that is encrypted as a whole, and names what it cannot read', async () => {
    const vault = `$ANSIBLE_VAULT;1.1;AES256\n6231 ansible_\n`;
    expect((await declare(collector, { 'group_vars/all.yml': vault })).identities).toEqual([]);
    const { gaps } = await declare(collector, {
      'group_vars/all.yml': 'ansible_user: [\n',
      'ansible.cfg': '[defaults]\n= x\n',
    });
    expect(gaps).toHaveLength(2);
  });

  it('bounds what it reads', async () => {
    const deep = `${Array.from({ length: 40 }, (_, level) => `${'  '.repeat(2 * level)}g${level}:\n${'  '.repeat(2 * level + 1)}children:\n`).join('')}`;
    const { identities } = await declare(collector, { 'inventory.yml': `# ansible_\n${deep}` });
    expect(identities).toEqual([]);
    const long = `h ${'ansible_user ='.repeat(600)}\n`.repeat(500);
    const start = performance.now();
    await declare(collector, { hosts: long });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('tells the form of an inventory without an ending by its first line, after however many empty ones', async () => {
    const tree = `${'\n'.repeat(500)}# ours\n---\nall:\n  hosts:\n    h1:\n      ansible_user: deploy\n`;
    expect((await declare(collector, { hosts: tree })).identities.map(({ name }) => name)).toEqual(['deploy@h1']);
    const ini = `${'\n'.repeat(500)}h1 ansible_user=deploy\n`;
    expect((await declare(collector, { hosts: ini })).identities.map(({ name }) => name)).toEqual(['deploy@h1']);
  });
});

describe('rules about logins of Ansible', () => {
  it('fire for passwords in files, root, and hosts that nobody checks', async () => {
    expect(await firedRules(collector, FILES)).toEqual([
      'ansible-password-in-file: root@bastion.acme.io',
      'client-tls-unverified: Administrator@win1.acme.io',
      'ssh-host-keys-unchecked: ansible@all hosts',
      'ssh-host-keys-unchecked: deploy@web',
      'ssh-root-login: Administrator@win1.acme.io',
      'ssh-root-login: root@bastion.acme.io',
    ]);
  });

  it('stay silent about keys and vaults', async () => {
    expect(await firedRules(collector, { 'group_vars/web.yml': VARIABLES })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('a file of each kind', FILES, { identities: 8, secrets: [SECRET] }),
  declaredCase('broken', {
    hosts: '[web\nansible_user=\n]=[',
    'inventory.yml': 'all: [ansible_user: {\n',
    'ansible.cfg': '[[[\n= =',
    'group_vars/all': 'ansible_user: {a: [1]}\nansible_password: [x]\n',
  }),
]);
