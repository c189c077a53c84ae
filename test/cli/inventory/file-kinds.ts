import { expandTemplate } from '../../../src/lib/template/expand.ts';
import { makeCertificate } from '../../collectors/shared/make-certificate.ts';

/** Files of one kind in the form of their vendor, and the entry that each must give: `<id> <path>:<line>`. */
export interface FileKind {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** Ids by path; `REPO` stands for the repository. */
  readonly entries: Readonly<Record<string, string>>;
}

const make = (template: string): string => expandTemplate(template, `kinds/${template}`);
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const PASSWORD = make('{base62:20}');
const GUID = 'cccccccc-0000-4000-8000-00000000000';
const CLIENT = makeCertificate({ subject: [['CN', 'admin']], usages: ['client'] });
const SSH_BLOB = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64');

/** The nineteen kinds of files that declare identities. */
export const FILE_KINDS: readonly FileKind[] = [
  {
    title: 'Terraform',
    files: { 'infra/main.tf': 'resource "aws_iam_user" "bot" {\n  name = "bot"\n}\n' },
    entries: { 'infra/main.tf': 'terraform:REPO:infra/aws_iam_user.bot' },
  },
  {
    title: 'state of Terraform',
    files: {
      'infra/prod.tfstate': json({
        version: 4,
        resources: [
          {
            mode: 'managed',
            type: 'aws_iam_user',
            name: 'bot',
            instances: [{ attributes: { arn: 'arn:aws:iam::210987654321:user/state-bot', name: 'state-bot' } }],
          },
        ],
      }),
    },
    entries: { 'infra/prod.tfstate': 'arn:aws:iam::210987654321:user/state-bot' },
  },
  {
    title: 'CloudFormation',
    files: {
      'stack.yaml':
        'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Bot:\n    Type: AWS::IAM::User\n    Properties: {UserName: bot}\n',
    },
    entries: { 'stack.yaml': 'cloudformation:REPO:stack.yaml#Bot' },
  },
  {
    title: 'Kubernetes',
    files: { 'k8s/account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\n' },
    entries: { 'k8s/account.yaml': 'kubernetes:REPO:shop:web' },
  },
  {
    title: 'GitHub Actions',
    files: {
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{run: "x ${{ secrets.TOKEN }}"}]\n',
      '.github/actions/build/action.yml': 'name: x\nruns: {using: composite, steps: [{run: make, shell: bash}]}\n',
      '.github/dependabot.yml':
        'version: 2\nupdates: [{package-ecosystem: npm, directory: /, schedule: {interval: daily}}]\n',
    },
    entries: {
      '.github/workflows/ci.yml': 'workflow:REPO:.github/workflows/ci.yml#test',
      '.github/actions/build/action.yml': 'action:REPO:.github/actions/build/action.yml',
      '.github/dependabot.yml': 'dependabot:REPO:.github/dependabot.yml',
    },
  },
  {
    title: 'other pipelines',
    files: {
      '.gitlab-ci.yml': 'test:\n  script: [npm test]\n',
      '.circleci/config.yml': 'version: 2.1\njobs:\n  test: {docker: [{image: node}], steps: [{run: npm test}]}\n',
      'azure-pipelines.yml': 'steps:\n- script: npm test\n',
      Jenkinsfile: 'pipeline {\n  agent any\n  stages { stage("test") { steps { sh "npm test" } } }\n}\n',
      'bitbucket-pipelines.yml': 'pipelines:\n  default:\n    - step: {name: test, script: [npm test]}\n',
      '.drone.yml': 'kind: pipeline\nname: default\nsteps:\n- {name: test, image: node, commands: [npm test]}\n',
      '.woodpecker.yml': 'steps:\n- {name: test, image: node, commands: [npm test]}\n',
      '.buildkite/pipeline.yml': 'steps:\n- {label: test, command: npm test}\n',
    },
    entries: {
      '.gitlab-ci.yml': 'pipeline:gitlab:REPO:.gitlab-ci.yml#test',
      '.circleci/config.yml': 'pipeline:circleci:REPO:.circleci/config.yml#test',
      'azure-pipelines.yml': 'pipeline:azure-devops:REPO:azure-pipelines.yml',
      Jenkinsfile: 'pipeline:jenkins:REPO:Jenkinsfile',
      'bitbucket-pipelines.yml': 'pipeline:bitbucket:REPO:bitbucket-pipelines.yml#default/1 test',
      '.drone.yml': 'pipeline:drone:REPO:.drone.yml#default/test',
      '.woodpecker.yml': 'pipeline:woodpecker:REPO:.woodpecker.yml#test',
      '.buildkite/pipeline.yml': 'pipeline:buildkite:REPO:.buildkite/pipeline.yml#test',
    },
  },
  {
    title: 'containers and environment files',
    files: {
      'app/Dockerfile': `FROM node:22\nENV API_TOKEN=${PASSWORD}\n`,
      'compose.yaml': `services:\n  web:\n    image: node\n    environment: {API_TOKEN: ${PASSWORD}}\n`,
      'app/.env': `DATABASE_URL=postgres://shop:${PASSWORD}@db.acme.io/shop\n`,
    },
    entries: {
      'app/Dockerfile': 'dockerfile:REPO:app/Dockerfile',
      'compose.yaml': 'compose:REPO:compose.yaml#web',
      'app/.env': 'database:db.acme.io:shop',
    },
  },
  {
    title: 'MCP servers and agents',
    files: { '.mcp.json': json({ mcpServers: { tools: { command: 'npx', args: ['-y', 'x@1.0.0'] } } }) },
    entries: { '.mcp.json': 'mcp:REPO:.mcp.json#tools' },
  },
  {
    title: 'logins of package managers',
    files: {
      '.npmrc': `//npm.acme.io/:_authToken=${PASSWORD}\n`,
      '.netrc': `machine api.acme.io login bot password ${PASSWORD}\n`,
    },
    entries: {
      '.npmrc': 'registry-credential:REPO:.npmrc#npm:npm.acme.io',
      '.netrc': 'registry-credential:REPO:.netrc#netrc:bot@api.acme.io',
    },
  },
  {
    title: 'kubeconfig',
    files: {
      'kubeconfig.yaml': `apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: "https://k8s.acme.io"}}]\ncontexts: []\nusers:\n- name: admin\n  user:\n    client-certificate-data: ${Buffer.from(CLIENT.pem).toString('base64')}\n`,
    },
    entries: { 'kubeconfig.yaml': 'kubeconfig:REPO:kubeconfig.yaml#admin' },
  },
  {
    title: 'clients of clouds and databases',
    files: {
      '.aws/config': '[profile prod]\nrole_arn = arn:aws:iam::210987654321:role/deploy\nsource_profile = default\n',
      '.azure/azureProfile.json': json({
        subscriptions: [{ id: `${GUID}1`, name: 'shop', user: { name: `${GUID}2`, type: 'servicePrincipal' } }],
      }),
      '.boto': `[Credentials]\ngs_oauth2_refresh_token = ${PASSWORD}\n`,
      '.s3cfg': `[default]\naccess_key = x\nsecret_key = ${PASSWORD}\n`,
      'rclone.conf': `[files]\ntype = sftp\nhost = files.acme.io\npass = ${PASSWORD}\n`,
      '.oci/config': '[DEFAULT]\nuser=ocid1.user.oc1..aa\ntenancy=ocid1.tenancy.oc1..bb\nkey_file=k.pem\n',
      '.pgpass': `db.acme.io:5432:shop:reader:${PASSWORD}\n`,
      '.my.cnf': `[client]\nuser=backup\npassword=${PASSWORD}\nhost=mysql.acme.io\n`,
      'pg_service.conf': '[shop]\nhost=db.acme.io\nuser=report\n',
    },
    entries: {
      '.aws/config': 'aws-profile:REPO:.aws/config#prod',
      '.azure/azureProfile.json': `cloud-login:REPO:.azure/azureProfile.json#${GUID}1`,
      '.boto': 'cloud-login:REPO:.boto#.boto',
      '.s3cfg': 'cloud-login:REPO:.s3cfg#default',
      'rclone.conf': 'cloud-login:REPO:rclone.conf#files',
      '.oci/config': 'cloud-login:REPO:.oci/config#DEFAULT',
      '.pgpass': 'database:db.acme.io:reader',
      '.my.cnf': 'database:mysql.acme.io:backup',
      'pg_service.conf': 'database:db.acme.io:report',
    },
  },
  {
    title: 'Ansible',
    files: {
      'inventory/hosts': 'web.acme.io ansible_user=deploy ansible_ssh_private_key_file=k\n',
      'group_vars/web.yml': 'ansible_user: app\n',
    },
    entries: {
      'inventory/hosts': 'ansible-login:REPO:inventory/hosts#deploy@web.acme.io',
      'group_vars/web.yml': 'ansible-login:REPO:group_vars/web.yml#app@web',
    },
  },
  {
    title: 'Salesforce',
    files: {
      'force-app/Loader.connectedApp-meta.xml':
        '<?xml version="1.0"?>\n<ConnectedApp>\n  <label>Loader</label>\n  <oauthConfig><scopes>Full</scopes></oauthConfig>\n</ConnectedApp>\n',
    },
    entries: { 'force-app/Loader.connectedApp-meta.xml': 'oauth-app:REPO:force-app/Loader.connectedApp-meta.xml' },
  },
  {
    title: 'manifests of apps',
    files: {
      'slack/manifest.yaml': 'display_information: {name: bot}\noauth_config: {scopes: {bot: [chat:write]}}\n',
      'github/app.yml': 'name: shipper\ndefault_permissions: {contents: write}\n',
      'entra/manifest.json': json({ appId: `${GUID}3`, displayName: 'api', requiredResourceAccess: [] }),
      'client_secret.json': json({ installed: { client_id: '1-a.apps.googleusercontent.com', redirect_uris: [] } }),
      'script/appsscript.json': json({ oauthScopes: ['https://www.googleapis.com/auth/drive'] }),
      'extension/manifest.json': json({ manifest_version: 3, name: 'x', version: '1', permissions: ['tabs'] }),
      'atlassian-connect.json': json({ key: 'a', baseUrl: 'https://a.io', authentication: { type: 'jwt' } }),
      'forge/manifest.yml': `app: {id: "ari:cloud:ecosystem::app/${GUID}4"}\n`,
      'teams/manifest.json': json({ manifestVersion: '1.17', webApplicationInfo: { id: `${GUID}3` } }),
    },
    entries: {
      'slack/manifest.yaml': 'oauth-app:REPO:slack/manifest.yaml',
      'github/app.yml': 'oauth-app:REPO:github/app.yml',
      'entra/manifest.json': `azure:application:${GUID}3`,
      'client_secret.json': 'google:oauth-client:1-a.apps.googleusercontent.com',
      'script/appsscript.json': 'oauth-app:REPO:script/appsscript.json',
      'extension/manifest.json': 'oauth-app:REPO:extension/manifest.json',
      'atlassian-connect.json': 'oauth-app:REPO:atlassian-connect.json',
      'forge/manifest.yml': `atlassian:app:${GUID}4`,
      'teams/manifest.json': 'oauth-app:REPO:teams/manifest.json',
    },
  },
  {
    title: 'SSH',
    files: {
      'ssh/authorized_keys': `ssh-ed25519 ${SSH_BLOB} kim\n`,
      ssh_config: 'Host bastion\n  User root\n',
    },
    entries: {
      'ssh/authorized_keys': `authorised-key:REPO:ssh/authorized_keys#`,
      ssh_config: 'ssh-login:REPO:ssh_config#bastion',
    },
  },
  {
    title: 'SQL',
    files: { 'db/roles.sql': `CREATE ROLE app LOGIN PASSWORD '${PASSWORD}';\n` },
    entries: { 'db/roles.sql': 'database:REPO:db#app' },
  },
  {
    title: 'references to secret stores, and policies of Vault',
    files: {
      'k8s/external.yaml':
        'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: db, namespace: shop}\nspec: {secretStoreRef: {name: vault}}\n',
      '.sops.yaml': 'creation_rules: [{path_regex: x, age: age1qqqq}]\n',
      'vault/ci.hcl': 'path "secret/data/ci/*" {\n  capabilities = ["read"]\n}\n',
    },
    entries: {
      'k8s/external.yaml': 'kubernetes:REPO:shop:externalsecret/db',
      '.sops.yaml': 'secret-store:REPO:.sops.yaml',
      'vault/ci.hcl': 'vault:REPO:vault/ci.hcl#policy/ci',
    },
  },
  {
    title: 'keys that sign',
    files: {
      'ios/AuthKey_ABC123DEFG.p8': make('{pem:pkcs8}'),
      'tls/client.crt': CLIENT.pem,
      'ci/sign.p12': '0 \u0002\u0001\u0003',
      'app/google-services.json': json({
        project_info: { project_id: 'acme-shop' },
        client: [{ client_info: { mobilesdk_app_id: '1:2:android:3' } }],
      }),
    },
    entries: {
      'ios/AuthKey_ABC123DEFG.p8': 'apple:auth-key:ABC123DEFG',
      'tls/client.crt': `certificate:${CLIENT.thumbprint}`,
      'ci/sign.p12': 'key-store:REPO:ci/sign.p12',
      'app/google-services.json': 'firebase:app:1:2:android:3',
    },
  },
  {
    title: 'owners',
    files: { CODEOWNERS: '* @acme/platform\n' },
    entries: { CODEOWNERS: 'codeowners:REPO' },
  },
];
