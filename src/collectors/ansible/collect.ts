import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import { iniGaps, lastLineOf, readIni, valueIn } from '../shared/client-files/ini.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { readIniInventory } from './inventory.ts';
import { addLogin } from './login.ts';
import { readerOf, scopeOfVariables } from './names.ts';
import { readYamlInventory } from './tree.ts';

const MOST_IDS = 50;

/** Reads the files of Ansible. One that is encrypted as a whole says nothing here. */
export function collectAnsible(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('ansible', files, (file, drafts) => {
    if (file.text.startsWith('$ANSIBLE_VAULT')) return [];
    const reader = readerOf(file.path);
    if (reader === 'configuration') return readConfiguration(file, drafts);
    if (reader === 'variables') return readVariables(file, drafts);
    return isYaml(file) ? readTree(file, drafts) : readIniInventory(file, drafts);
  });
}

/** Lines at the start of an inventory that say nothing about its form: empty ones, comments, the mark of a document. */
const SAYS_NOTHING = /^(?:[ \t\r]*(?:#.*)?|---.*)$/;

/** Characters at the start of an inventory that tell its form. */
const HEAD = 64 * 1024;

/** An inventory without an ending may be in either form: YAML has a key with nothing behind it at its start. */
function isYaml({ path, text }: ClientFile): boolean {
  if (/\.ya?ml$/i.test(path)) return true;
  const first = text
    .slice(0, HEAD)
    .split('\n')
    .find((line) => !SAYS_NOTHING.test(line));
  return first !== undefined && /^[\w.-]{1,100}:[ \t\r]*$/.test(first);
}

async function readVariables(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  const scope = scopeOfVariables(file.path);
  const isHost = /(?:^|\/)host_vars\//.test(file.path);
  const lines = file.text.split('\n').length;
  for (const { value } of documents)
    addLogin(file, drafts, asObject(value), { scope, isHost, line: 1, lastLine: lines });
  return gaps;
}

async function readTree(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  const whole = documents.map((document) => readYamlInventory(file, drafts, document));
  return whole.every(Boolean) ? gaps : [...gaps, file.gap(1, 'more groups than are read; split the file', 'limit')];
}

/** Reads `ansible.cfg`: how all hosts are reached, and with which passwords of vaults. */
function readConfiguration(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, { indented: 'value', bareNames: false, separators: '=:' });
  const section = (name: string) => ini.sections.find((candidate) => candidate.name === name);
  const [defaults, connection] = [section('defaults'), section('ssh_connection')];
  if (defaults !== undefined) {
    const values = Object.fromEntries(defaults.entries.map(({ name, value }) => [name, value]));
    const checks = valueIn(defaults, 'host_key_checking');
    const settings = connection === undefined ? undefined : valueIn(connection, 'ssh_args', 'ssh_common_args');
    const unchecked = checks !== undefined && /^(?:false|no|off|0)$/i.test(checks);
    const args = unchecked ? '-o StrictHostKeyChecking=no' : settings;
    const place = { scope: 'all hosts', isHost: false, line: defaults.line, lastLine: lastLineOf(defaults) };
    // Without a user, whoever runs it logs in: an entry only where how that is done is said.
    const user = values['remote_user'] ?? (args === undefined ? undefined : 'whoever runs it');
    addLogin(file, drafts, { ...values, ssh_args: args, ...(user !== undefined && { remote_user: user }) }, place);
    addVaultIds(file, drafts, defaults.line, valueIn(defaults, 'vault_identity_list', 'vault_identity'));
  }
  return iniGaps(file, ini);
}

/** `vault_identity_list = dev@~/.vault_dev, prod@prompt`: names of passwords that open encrypted files. */
function addVaultIds(file: ClientFile, drafts: Drafts, line: number, list: string | undefined): void {
  const names = (list ?? '').split(',').map((entry) => entry.trim().split('@')[0] ?? '');
  const secretNames = names.filter((name) => /^[\w.-]{1,100}$/.test(name)).slice(0, MOST_IDS);
  if (secretNames.length === 0) return;
  const id = `secret-store:${file.repository}:${file.path}`;
  const head = { id, type: 'secret_store', provider: 'ansible', name: file.path, account: file.repository };
  setFacts(drafts.identity(head, file.evidence(line)), { storage: 'encrypted_file', secretNames }, file.path);
}
