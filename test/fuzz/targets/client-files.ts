import { PASSWORD } from '../shared/secrets.ts';

/** A file that declares identities: by its path, valid texts and what they are made of. */
export interface Declaration {
  readonly path: string;
  readonly seeds: readonly string[];
  readonly pieces: readonly string[];
}

const INI = ['[', ']', '[a]\n', '= ', '\n = x\n', ': ', ' #', '"', "'", '\\', '!include a\n'];
const YAML = [
  '- ',
  ': ',
  '&x ',
  '*x ',
  '---\n',
  '!vault |\n',
  '"',
  '\t',
  '{',
  '}',
  '[1]',
  '{toString: 1}',
  '__proto__: 1\n',
];
const XML = ['<', '/>', '</', '<![CDATA[', ']]>', '<!--', '&lt;', '&x;', ' a="', '<scopes>', '</scopes>'];
const JSON_PIECES = ['{', '}', '[', ']', '":', '"__proto__": 1,', 'null', '1e999', '{"toString": 1}'];

/** Files of clients and apps, by the id of the collector that reads them. */
export const CLIENT_FILES: Readonly<Record<string, readonly Declaration[]>> = {
  ansible: [
    {
      path: 'inventory/hosts',
      seeds: [`a.io ansible_user=root ansible_password='${PASSWORD}'\n[web:vars]\nansible_ssh_common_args=-o X=y\n`],
      pieces: [...INI, 'ansible_user=', '[all:vars]\n', ':children]\n'],
    },
    {
      path: 'inventory.yml',
      seeds: [`all:\n  vars: {ansible_user: a}\n  children: {b: {hosts: {c: {ansible_password: ${PASSWORD}}}}}\n`],
      pieces: [...YAML, 'children: ', 'hosts: ', 'ansible_user: '],
    },
    {
      path: 'ansible.cfg',
      seeds: ['[defaults]\nremote_user = a\nvault_identity_list = dev@x, prod@y\nhost_key_checking = False\n'],
      pieces: INI,
    },
  ],
  'app-manifests': [
    {
      path: 'manifest.json',
      seeds: [
        `{"appId": "aaaaaaaa-0000-4000-8000-000000000001", "requiredResourceAccess": [{"resourceAppId": "x", "resourceAccess": [{"id": "y"}]}], "passwordCredentials": [{"keyId": "aaaaaaaa-0000-4000-8000-000000000002", "secretText": "${PASSWORD}"}]}`,
        '{"manifest_version": 3, "version": "1", "permissions": ["tabs"], "content_scripts": [{"matches": ["*://*/*"]}]}',
      ],
      pieces: [...JSON_PIECES, '"keyCredentials": ', '"web": '],
    },
    {
      path: 'a.connectedApp-meta.xml',
      seeds: ['<ConnectedApp><label>a</label><oauthConfig><scopes>Full</scopes></oauthConfig></ConnectedApp>'],
      pieces: XML,
    },
    {
      path: 'client_secret.json',
      seeds: [`{"web": {"client_id": "1.apps.googleusercontent.com", "client_secret": "${PASSWORD}"}}`],
      pieces: JSON_PIECES,
    },
  ],
  buildkite: [
    {
      path: '.buildkite/pipeline.yml',
      seeds: [
        `env: {A: b}\nsteps:\n- command: echo ${PASSWORD}\n  plugins: [a/b#v1: {c: d}]\n- group: g\n  steps: [wait]\n`,
      ],
      pieces: [...YAML, 'steps: ', 'plugins: ', 'secrets: '],
    },
  ],
  'cloud-clients': [
    {
      path: '.azure/accessTokens.json',
      seeds: [`[{"servicePrincipalId": "a", "accessToken": "${PASSWORD}"}]`],
      pieces: JSON_PIECES,
    },
    {
      path: 'rclone.conf',
      seeds: [`[a]\ntype = s3\nsecret_access_key = ${PASSWORD}\nendpoint = https://x.io\n`],
      pieces: INI,
    },
  ],
  'database-clients': [
    { path: '.pgpass', seeds: [`a.io:5432:db:u\\:x:${PASSWORD}\n# c\n`], pieces: [':', '\\', '*', '::', '#'] },
    {
      path: '.env',
      seeds: [
        `A=postgres://u:${PASSWORD}@a.io:1/db?sslmode=disable\nB=jdbc:sqlserver://b.io;user=sa;password=${PASSWORD}\n`,
      ],
      pieces: ['postgres://', 'mongodb+srv://', '@', ':', '/', '?user=', ';password=', '%2', '%40', 'jdbc:'],
    },
    { path: '.my.cnf', seeds: [`[client]\nuser=a\npassword="${PASSWORD}"\nhost=b.io\n`], pieces: INI },
  ],
  drone: [
    {
      path: '.drone.yml',
      seeds: [
        `kind: pipeline\nsteps:\n- name: a\n  image: b\n  environment: {C: {from_secret: d}, E: ${PASSWORD}}\n  when: {event: [push]}\n`,
      ],
      pieces: [...YAML, 'from_secret: ', 'steps: ', 'secrets: '],
    },
  ],
  'git-credentials': [
    {
      path: '.netrc',
      seeds: [`machine a.io login b password ${PASSWORD}\ndefault login c password "${PASSWORD}"\nmacdef init\nx\n\n`],
      pieces: ['machine ', 'login ', 'password ', 'macdef ', 'default ', '"', '\\', '\n\n'],
    },
  ],
  'package-auth': [
    {
      path: 'settings.xml',
      seeds: [`<settings><servers><server><id>a</id><password>${PASSWORD}</password></server></servers></settings>`],
      pieces: [...XML, '<server>', '</server>'],
    },
  ],
  rpa: [
    {
      path: 'workflows/a.json',
      seeds: [
        '{"properties": {"connectionReferences": {"a": {"runtimeSource": "embedded"}}, "definition": {"$schema": "Microsoft.Logic", "triggers": {"m": {"type": "Request", "kind": "Http"}}}}}',
      ],
      pieces: JSON_PIECES,
    },
  ],
  'service-mesh': [
    {
      path: 'mesh.yaml',
      seeds: [
        'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {rules: [{from: [{source: {principals: ["*"]}}]}]}\n',
        'entries: [{spiffe_id: {trust_domain: a.io, path: /b}, selectors: [{type: k8s, value: "ns:a"}], admin: true}]\n',
      ],
      pieces: [...YAML, 'spec: ', 'rules: ', 'kind: PeerAuthentication\n'],
    },
  ],
  ssh: [
    {
      path: 'ssh_config',
      seeds: ['Host a b*\n  User root\n  HostName c.io\nMatch all\n  ForwardAgent yes\n'],
      pieces: ['Host ', 'Match ', '=', '"', 'User '],
    },
  ],
};
