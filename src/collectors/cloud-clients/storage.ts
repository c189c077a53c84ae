import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { readServer } from '../shared/client-files/hosts.ts';
import { type IniSection, iniGaps, lastLineOf, readIni, valueIn } from '../shared/client-files/ini.ts';
import { isLiteral } from '../shared/client-files/value-kind.ts';
import type { Drafts, Facts } from '../shared/identity-drafts.ts';
import { addAwsKey, addCloudLogin } from './login.ts';

/** Values of a remote that open it. Of rclone, `pass` is only hidden, not encrypted. */
const RCLONE_SECRETS = [
  'secret_access_key',
  'token',
  'pass',
  'password',
  'key',
  'client_secret',
  'sas_url',
  'service_account_credentials',
  'bearer_token',
  'api_key',
];

/** Reads `.boto`, `.s3cfg`, `rclone.conf` and `.oci/config`: a login for each section. */
export function readStorage(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const text = file.text;
  // A configuration of rclone that is encrypted says so in its first lines.
  if (/^#[^\n]*Encrypted rclone/.test(text)) return [];
  const ini = readIni(text, { indented: 'value', bareNames: false, separators: '=' });
  for (const section of ini.sections) {
    if (section.entries.length === 0) continue;
    if (/rclone\.conf$/.test(file.path)) addRemote(file, drafts, section);
    else if (/\.s3cfg$/.test(file.path)) addS3cfg(file, drafts, section);
    else if (/boto(?:\.cfg|rc)?$/.test(file.path)) addBoto(file, drafts, section, ini.sections);
    else addOci(file, drafts, section);
  }
  return iniGaps(file, ini);
}

function spanOf(section: IniSection): { readonly line: number; readonly lastLine: number } {
  return { line: section.line, lastLine: lastLineOf(section) };
}

function secretFacts(...values: readonly (string | undefined)[]): Facts {
  const literal = isLiteral(...values);
  return { literal, storage: literal === true ? 'plaintext_file' : undefined };
}

function addRemote(file: ClientFile, drafts: Drafts, section: IniSection): void {
  const kind = valueIn(section, 'type');
  if (kind === undefined || !/^[\w ]{1,40}$/.test(kind)) return;
  const secrets = RCLONE_SECRETS.map((name) => valueIn(section, name));
  const token = isLiteral(valueIn(section, 'token'));
  const environment = valueIn(section, 'env_auth') === 'true';
  const host = hostOf(valueIn(section, 'endpoint', 'host', 'url'));
  const login = addCloudLogin(file, drafts, {
    provider: 'rclone',
    name: section.name,
    account: kind,
    host,
    facts: {
      authMethod: token === undefined ? (environment ? 'command' : undefined) : 'oauth_refresh',
      ...(environment ? { literal: false } : secretFacts(...secrets)),
    },
    ...spanOf(section),
  });
  addAwsKey(file, drafts, login, valueIn(section, 'access_key_id'), section.line);
}

function addS3cfg(file: ClientFile, drafts: Drafts, section: IniSection): void {
  const secret = valueIn(section, 'secret_key');
  if (isLiteral(secret) === undefined) return;
  const host = hostOf(valueIn(section, 'host_base'));
  const login = addCloudLogin(file, drafts, {
    provider: 's3',
    name: `${section.name} at ${host ?? 's3.amazonaws.com'}`,
    part: section.name,
    account: host ?? 's3.amazonaws.com',
    host,
    facts: {
      authMethod: 'static_secret',
      ...secretFacts(secret),
      plainHttp: switchOf(valueIn(section, 'use_https'), false),
      tlsVerified: switchOf(valueIn(section, 'check_ssl_certificate'), true),
    },
    ...spanOf(section),
  });
  addAwsKey(file, drafts, login, valueIn(section, 'access_key'), section.line);
}

/** True or false as written; `on` says what "True" means. */
function switchOf(value: string | undefined, on: boolean): boolean | undefined {
  if (value === undefined || !/^(?:true|false)$/i.test(value)) return undefined;
  return /^true$/i.test(value) === on;
}

function addBoto(file: ClientFile, drafts: Drafts, section: IniSection, all: readonly IniSection[]): void {
  if (section.name !== 'Credentials') return;
  const google = ['gs_secret_access_key', 'gs_oauth2_refresh_token'].map((name) => valueIn(section, name));
  const aws = valueIn(section, 'aws_secret_access_key');
  const refresh = isLiteral(google[1]);
  const settings = all.find(({ name }) => name === 'Boto');
  if (isLiteral(aws, ...google) === undefined) return;
  const login = addCloudLogin(file, drafts, {
    provider: isLiteral(...google) === undefined ? 'aws' : 'gcp',
    name: file.path,
    account: file.repository,
    facts: {
      authMethod: refresh === undefined ? 'static_secret' : 'oauth_refresh',
      humanUse: refresh === undefined ? undefined : true,
      ...secretFacts(aws, ...google),
      tlsVerified: settings && switchOf(valueIn(settings, 'https_validate_certificates'), true),
    },
    ...spanOf(section),
  });
  if (isLiteral(aws) === true) addAwsKey(file, drafts, login, valueIn(section, 'aws_access_key_id'), section.line);
}

/** A profile of Oracle Cloud: the key stands in a file beside it, its password may stand here. */
function addOci(file: ClientFile, drafts: Drafts, section: IniSection): void {
  const user = valueIn(section, 'user');
  const token = valueIn(section, 'security_token_file');
  const tenancy = valueIn(section, 'tenancy');
  if (tenancy?.startsWith('ocid1.tenancy.') !== true) return;
  const secrets = secretFacts(valueIn(section, 'key_content'), valueIn(section, 'pass_phrase'));
  addCloudLogin(file, drafts, {
    provider: 'oci',
    name: section.name,
    account: tenancy,
    facts: {
      authMethod: token === undefined ? (user === undefined ? 'instance_identity' : 'key_pair') : 'federated_oidc',
      ...(secrets['literal'] === undefined ? { literal: false } : secrets),
    },
    ...spanOf(section),
  });
}

function hostOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : readServer(text)?.host;
}
