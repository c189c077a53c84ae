import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { type IniEntry, iniGaps, readIni } from '../shared/client-files/ini.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import type { Drafts } from '../shared/identity-drafts.ts';

const SECRET = /^(.*?)[._-]?(?:password|passwd|token|secret|api[._-]?key)$/i;
const USER = /^(.*?)[._-]?(?:user(?:name)?|key[._-]?id|login)$/i;
const ADDRESS = /^(.*?)[._-]?(?:ur[li]|host|repository)$/i;
/** Settings of Gradle and of Android that only sound like credentials. */
const NO_CREDENTIAL = /^(?:systemProp\.(?:sonar\.projectKey)|org\.gradle\.|android\.)/i;

/** Reads `gradle.properties`: `nexusUsername`, `nexusPassword` and the like, grouped by what stands before. */
export function readGradle(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, { indented: 'entry', bareNames: true, separators: '=:' });
  const entries = ini.sections.flatMap((section) => section.entries).filter(({ name }) => !NO_CREDENTIAL.test(name));
  const [users, urls] = [valuesBy(entries, USER), valuesBy(entries, ADDRESS)];
  for (const { name, value, line } of entries) {
    const prefix = SECRET.exec(name)?.[1]?.toLowerCase();
    if (prefix === undefined) continue;
    addRegistryCredential(file, drafts, {
      ecosystem: 'gradle',
      url: urls.get(prefix) ?? prefix,
      user: users.get(prefix),
      secrets: [value],
      authMethod: /token|key$/i.test(name) ? 'static_secret' : 'password',
      line,
    });
  }
  return iniGaps(file, ini);
}

function valuesBy(entries: readonly IniEntry[], pattern: RegExp): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ name, value }) => {
      const prefix = pattern.exec(name)?.[1]?.toLowerCase();
      return prefix === undefined || value === undefined ? [] : [[prefix, value] as const];
    }),
  );
}
