import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { environmentOf } from '../shared/client-files/hosts.ts';
import { type IniSection, iniGaps, lastLineOf, readIni, valueIn } from '../shared/client-files/ini.ts';
import { isLiteral } from '../shared/client-files/value-kind.ts';
import { addKey, byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';

const KEY_ID = /^A(?:KIA|SIA)[A-Z2-7]{16}$/;
const ROLE_ARN = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:[\w+=,.@/-]{1,512}\/)?([\w+=,.@-]{1,64})$/;

/** Reads `.aws/credentials` and `.aws/config`: a profile for each section, its key, and the role that it takes. */
export function readAws(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, { indented: 'rest', bareNames: false, separators: '=' });
  const profiles = ini.sections.filter(({ name }) => name !== '' && !/^(?:sso-session|services|plugins)\b/.test(name));
  const withKeys = new Set(profiles.filter(hasKey).map(profileName));
  for (const section of profiles) addProfile(file, drafts, section, withKeys);
  return iniGaps(file, ini);
}

function profileName({ name }: IniSection): string {
  return name.replace(/^profile\s+/, '').replace(/^"(.*)"$/, '$1');
}

function hasKey(section: IniSection): boolean {
  return isLiteral(valueIn(section, 'aws_secret_access_key')) === true;
}

function addProfile(file: ClientFile, drafts: Drafts, section: IniSection, withKeys: ReadonlySet<string>): void {
  const name = profileName(section);
  const evidence = file.evidence(section.line, lastLineOf(section));
  const id = `aws-profile:${file.repository}:${file.path}#${name}`;
  const draft = drafts.identity({ id, type: 'aws_profile', provider: 'aws', name, account: file.repository }, evidence);
  const [role, source] = [valueIn(section, 'role_arn'), valueIn(section, 'source_profile')];
  const takesRoleByKey = role !== undefined && source !== undefined && withKeys.has(source);
  const environment = environmentOf(name);
  const roleByKeyAlone = role === undefined ? false : takesRoleByKey && valueIn(section, 'mfa_serial') === undefined;
  // A source that is in another file may hold a key as well.
  const isUnknown = role !== undefined && source !== undefined && !withKeys.has(source);
  setFacts(
    draft,
    { authMethod: methodOf(section), environment, roleByKeyAlone: isUnknown ? undefined : roleByKeyAlone },
    file.path,
  );
  addAccessKey(file, drafts, section, id);
  const [, account, roleName] = ROLE_ARN.exec(role ?? '') ?? [];
  if (role === undefined || account === undefined || roleName === undefined) return;
  const arn = drafts.identity({ id: role, type: 'iam_role', provider: 'aws', name: roleName, account }, evidence);
  addKey(arn, 'aws-arn', role);
  drafts.edge(id, 'can-assume', byId(role), evidence);
}

function methodOf(section: IniSection): string | undefined {
  const has = (...names: readonly string[]): boolean => valueIn(section, ...names) !== undefined;
  if (has('aws_secret_access_key')) return 'static_secret';
  if (has('sso_session', 'sso_start_url', 'web_identity_token_file')) return 'federated_oidc';
  if (has('credential_process')) return 'command';
  return has('credential_source') ? 'instance_identity' : undefined;
}

/** The id of a key is no secret. A key that starts with ASIA is one of a session, of hours. */
function addAccessKey(file: ClientFile, drafts: Drafts, section: IniSection, profile: string): void {
  const key = valueIn(section, 'aws_access_key_id') ?? '';
  const literal = isLiteral(valueIn(section, 'aws_secret_access_key'));
  if (!KEY_ID.test(key) || literal === undefined) return;
  const evidence = file.evidence(section.line, lastLineOf(section));
  const id = `aws:access-key:${key}`;
  const draft = drafts.identity({ id, type: 'access_key', provider: 'aws', name: key }, evidence);
  const temporary = key.startsWith('ASIA');
  const storage = literal ? 'plaintext_file' : undefined;
  setFacts(
    draft,
    { authMethod: 'static_secret', literal, temporary, storage, environment: environmentOf(profileName(section)) },
    file.path,
  );
  addKey(draft, 'aws-access-key-id', key);
  drafts.edge(profile, 'has-credential', byId(id), evidence);
}
