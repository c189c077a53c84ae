import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { type IniSection, iniGaps, lastLineOf, readIni, valueIn } from '../shared/client-files/ini.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import { readUrlLogin } from '../shared/client-files/url-login.ts';
import type { Drafts } from '../shared/identity-drafts.ts';

const KNOWN: Readonly<Record<string, string>> = {
  pypi: 'https://upload.pypi.org/legacy/',
  testpypi: 'https://test.pypi.org/legacy/',
  'server-login': 'https://upload.pypi.org/legacy/',
};
const INDEXES = ['index-url', 'index_url', 'extra-index-url', 'extra_index_url', 'index', 'find-links'];
/** The name of the user that goes with an API token. */
const TOKEN_USER = '__token__';

/** Reads `.pypirc` (twine) and `pip.conf`. */
export function readPython(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const isPip = /pip\.(?:conf|ini)$/.test(file.path);
  const ini = readIni(file.text, { indented: isPip ? 'value' : 'rest', bareNames: false, separators: '=:' });
  for (const section of ini.sections) {
    if (isPip) addIndexes(file, drafts, section, ini.sections);
    else addRepository(file, drafts, section);
  }
  return iniGaps(file, ini);
}

function addRepository(file: ClientFile, drafts: Drafts, section: IniSection): void {
  const password = valueIn(section, 'password');
  const user = valueIn(section, 'username');
  const url = valueIn(section, 'repository') ?? KNOWN[section.name.toLowerCase()];
  addRegistryCredential(file, drafts, {
    ecosystem: 'pypi',
    url: url ?? section.name,
    user,
    secrets: [password],
    authMethod: user === TOKEN_USER ? 'static_secret' : 'password',
    line: section.line,
    lastLine: lastLineOf(section),
  });
}

/** An index may have user and password in its address; it is then sent to that host. */
function addIndexes(file: ClientFile, drafts: Drafts, section: IniSection, all: readonly IniSection[]): void {
  const trusted = new Set(all.flatMap((each) => (valueIn(each, 'trusted-host', 'trusted_host') ?? '').split(/\s+/)));
  for (const { name, value = '', line } of section.entries) {
    if (!INDEXES.includes(name.toLowerCase())) continue;
    for (const url of value.split(/\s+/)) {
      const login = readUrlLogin(url);
      if (login === undefined) continue;
      const facts = { tlsVerified: !trusted.has(login.host) };
      addRegistryCredential(file, drafts, { ecosystem: 'pypi', ...login, line, facts });
    }
  }
}
