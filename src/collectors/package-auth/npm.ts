import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import type { IniEntry } from '../shared/client-files/ini.ts';
import { iniGaps, readIni } from '../shared/client-files/ini.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import type { Drafts } from '../shared/identity-drafts.ts';

const SECRETS = ['_authToken', '_auth', '_password'];
const ITEM = /^(?:(\/\/.{1,500}?)\/?:)?(_authToken|_auth|_password|username|certfile|always-auth)$/;

/** Reads `.npmrc`: `//host/path/:_authToken = …`, and the same without a host, which any registry gets. */
export function readNpm(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, { indented: 'entry', bareNames: true, separators: '=' });
  const entries = ini.sections.flatMap((section) => section.entries);
  const hosts = new Map<string, Map<string, IniEntry>>();
  for (const entry of entries) {
    const [, host = '', name] = ITEM.exec(entry.name) ?? [];
    if (name === undefined) continue;
    const items = hosts.get(host) ?? new Map<string, IniEntry>();
    hosts.set(host, items.set(name, entry));
  }
  const values = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry.value]));
  const plain = plainHosts(entries);
  for (const [host, items] of hosts) {
    const first = SECRETS.flatMap((name) => items.get(name) ?? [])[0];
    if (first === undefined) continue;
    const isToken = items.has('_authToken');
    const url = host === '' ? undefined : `${plain.has(hostName(host)) ? 'http' : 'https'}:${host}`;
    const always = items.get('always-auth')?.value ?? values.get('always-auth');
    addRegistryCredential(file, drafts, {
      ecosystem: 'npm',
      url,
      user: items.get('username')?.value ?? userOf(items.get('_auth')?.value),
      secrets: SECRETS.map((name) => items.get(name)?.value),
      authMethod: isToken ? 'static_secret' : 'password',
      line: first.line,
      facts: { alwaysSent: always === 'true', tlsVerified: values.get('strict-ssl') !== 'false' },
    });
  }
  return iniGaps(file, ini);
}

/** Hosts of registries that the file names with `http:`. */
function plainHosts(entries: readonly IniEntry[]): ReadonlySet<string> {
  const urls = entries.filter(({ name, value = '' }) => /(?:^|:)registry$/.test(name) && /^http:\/\//i.test(value));
  return new Set(urls.map(({ value = '' }) => hostName(value)));
}

function hostName(url: string): string {
  return /^(?:[a-z]+:)?\/\/([^/]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** `_auth` is `user:password` in base64. */
function userOf(auth: string | undefined): string | undefined {
  const [user, password] = Buffer.from(auth ?? '', 'base64')
    .toString('utf8')
    .split(':', 2);
  return password === undefined || password === '' ? undefined : user;
}
