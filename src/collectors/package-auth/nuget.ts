import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import { elementsNamed, readXml, type XmlElement } from '../shared/client-files/xml.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';

/** Reads `nuget.config`. A `Password` is encrypted for one user of one machine; `ClearTextPassword` is not. */
export function readNuget(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const { root, problem } = readXml(file.text);
  const sources = new Map(
    elementsNamed(root, 'packageSources').flatMap(({ children }) =>
      children.map(({ attributes }) => [attributes['key'] ?? '', attributes['value'] ?? ''] as const),
    ),
  );
  for (const { children } of elementsNamed(root, 'packageSourceCredentials')) {
    for (const element of children) addSource(file, drafts, element, sources);
  }
  for (const { children } of elementsNamed(root, 'apikeys')) {
    for (const { attributes, line } of children) {
      addEncrypted(file, drafts, attributes['key'] ?? '', undefined, attributes['value'], line);
    }
  }
  return problem === undefined ? [] : [file.gap(problem.line, problem.message)];
}

function addSource(file: ClientFile, drafts: Drafts, element: XmlElement, sources: ReadonlyMap<string, string>): void {
  const values = new Map(
    element.children.map(({ attributes }) => [(attributes['key'] ?? '').toLowerCase(), attributes['value']]),
  );
  const name = element.name.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const url = sources.get(name) ?? name;
  const user = values.get('username');
  const clear = values.get('cleartextpassword');
  const { line } = element;
  if (clear === undefined) {
    addEncrypted(file, drafts, url, user, values.get('password'), line);
    return;
  }
  const lastLine = element.children.at(-1)?.line ?? line;
  addRegistryCredential(file, drafts, {
    ecosystem: 'nuget',
    url,
    user,
    secrets: [clear],
    authMethod: 'password',
    line,
    lastLine,
  });
}

function addEncrypted(
  file: ClientFile,
  drafts: Drafts,
  url: string,
  user: string | undefined,
  secret: string | undefined,
  line: number,
): void {
  const credential = { ecosystem: 'nuget', url, user, secrets: [secret], authMethod: 'password', line } as const;
  const draft = addRegistryCredential(file, drafts, credential);
  if (draft !== undefined && draft.attributes.get('literal')?.value === true) {
    setFacts(draft, { storage: 'encrypted_file', literal: false }, file.path);
  }
}
