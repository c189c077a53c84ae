import { expandTemplate } from '../../../src/lib/template/expand.ts';

const make = (template: string): string => expandTemplate(template, `joins/state/${template}`);
const GUID = 'bbbbbbbb-0000-4000-8000-00000000000';
const ACCOUNT = 'state@shop-prod.iam.gserviceaccount.com';

/** A resource of a state, as Terraform 1.9 writes it. */
function state(type: string, attributes: object): string {
  const provider = `provider["registry.terraform.io/hashicorp/${type.split('_')[0]}"]`;
  const instances = [{ schema_version: 0, attributes, sensitive_attributes: [] }];
  const resources = [{ mode: 'managed', type, name: 'made', provider, instances }];
  const head = { version: 4, terraform_version: '1.9.8', serial: 3, lineage: `${GUID}0`, outputs: {} };
  return `${JSON.stringify({ ...head, resources, check_results: null }, null, 2)}\n`;
}

/** The key file inside of a state: a text in base64. */
const KEY_FILE = JSON.stringify({
  type: 'service_account',
  project_id: 'shop-prod',
  private_key_id: make('{hex:40}'),
  private_key: `${make('{pem-line:pkcs8}')}\n`,
  client_email: ACCOUNT,
});

/** States of Terraform: the id of a credential and its value stand side by side. */
export const STATE_ROWS = [
  {
    title: 'state: secret of an AWS key, whatever stands between it and the id',
    file: 'aws-key.tfstate',
    text: state('aws_iam_access_key', {
      create_date: '2025-11-02T08:00:00Z',
      encrypted_secret: null,
      encrypted_ses_smtp_password_v4: null,
      id: '%{deploy-bot-key|{aws-key-id:AKIA:210987654321}}%',
      key_fingerprint: null,
      pgp_key: null,
      secret: make('{base64:40}'),
      ses_smtp_password_v4: null,
      status: 'Active',
      user: 'deploy-bot',
    }),
    node: 'arn:aws:iam::210987654321:user/deploy-bot',
    confidence: 'proven',
  },
  {
    title: 'state: password of an Entra application by its key id',
    file: 'entra.tfstate',
    text: state('azuread_application_password', {
      application_id: `/applications/${GUID}1`,
      display_name: 'ci',
      end_date: '2028-01-01T00:00:00Z',
      key_id: `${GUID}4`,
      value: make('{base62:3}8Q~{base62:34}'),
    }),
    node: `azure:client-secret:${GUID}4`,
    confidence: 'proven',
  },
  {
    title: 'state: key of a Google service account by its key id',
    file: 'google.tfstate',
    text: state('google_service_account_key', {
      id: `projects/shop-prod/serviceAccounts/${ACCOUNT}/keys/${JSON.parse(KEY_FILE).private_key_id as string}`,
      name: `projects/shop-prod/serviceAccounts/${ACCOUNT}/keys/${JSON.parse(KEY_FILE).private_key_id as string}`,
      private_key: Buffer.from(KEY_FILE).toString('base64'),
      service_account_id: ACCOUNT,
      valid_before: '9999-12-31T23:59:59Z',
    }),
    node: `gcp:sa-key:${JSON.parse(KEY_FILE).private_key_id as string}`,
    confidence: 'proven',
  },
  {
    title: 'Google AIza key: the key of the project in a state',
    file: 'maps.tfstate',
    text: state('google_apikeys_key', {
      display_name: 'maps',
      key_string: make('AIza{base64url:35}'),
      name: 'maps',
      project: 'shop-prod',
      uid: `${GUID}5`,
    }),
    node: `gcp:api-key:${GUID}5`,
    confidence: 'proven',
  },
] as const;
