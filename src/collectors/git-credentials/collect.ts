import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import { iniGaps, readIni } from '../shared/client-files/ini.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import { readUrlLogin } from '../shared/client-files/url-login.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { readMachines } from './netrc.ts';

const MOST_LINES = 20_000;

/** Reads the files of git and `.netrc`. */
export function collectLogins(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('git-credentials', files, (file, drafts) => {
    if (file.path.endsWith('netrc')) return addMachines(file, drafts);
    return file.path.endsWith('credentials') ? addStored(file, drafts) : addRemotes(file, drafts);
  });
}

function addMachines(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const { machines, cut } = readMachines(file.text);
  for (const { host, login, password, line, lastLine } of machines) {
    const credential = { ecosystem: 'netrc', url: host, user: login, secrets: [password], line, lastLine };
    addRegistryCredential(file, drafts, { ...credential, authMethod: 'password' });
  }
  return cut ? [file.gap(1, 'has more words than are read; split the file', 'limit')] : [];
}

/** `.git-credentials` has an address on each line. */
function addStored(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const lines = file.text.split(/\r?\n/, MOST_LINES);
  for (const [index, text] of lines.entries()) {
    const login = readUrlLogin(text);
    if (login !== undefined) addRegistryCredential(file, drafts, { ecosystem: 'git', ...login, line: index + 1 });
  }
  return lines.length === MOST_LINES
    ? [file.gap(MOST_LINES, 'has more lines than are read; split the file', 'limit')]
    : [];
}

/** Addresses stand in values (`url =`, `pushurl =`, `proxy =`) and in the names of sections (`[url "https://…"]`). */
function addRemotes(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, { indented: 'entry', bareNames: true, separators: '=' });
  for (const { name, line, entries } of ini.sections) {
    const inName = /^(?:url|http|credential)\s+"(.*)"$/.exec(name)?.[1] ?? '';
    const texts = [{ text: inName, line }, ...entries.map((entry) => ({ text: entry.value ?? '', line: entry.line }))];
    for (const { text, line: at } of texts) {
      const login = readUrlLogin(text);
      if (login !== undefined) addRegistryCredential(file, drafts, { ecosystem: 'git', ...login, line: at });
    }
  }
  return iniGaps(file, ini);
}
