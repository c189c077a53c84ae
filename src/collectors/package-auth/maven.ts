import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import { childText, elementsNamed, readXml, type XmlElement } from '../shared/client-files/xml.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';

/** What Maven's password encryption writes, between braces. */
const ENCRYPTED = /\{[A-Za-z0-9+/=]{16,}\}\s*$/;

/** Reads `settings.xml`: each server, with the address that a mirror or repository of the same id has. */
export function readMaven(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const { root, problem } = readXml(file.text);
  if (root !== undefined && root.name !== 'settings' && root.name !== 'settingsSecurity') return [];
  const urls = new Map(
    ['mirror', 'repository', 'pluginRepository'].flatMap((name) =>
      elementsNamed(root, name).map((element) => [childText(element, 'id') ?? '', childText(element, 'url')] as const),
    ),
  );
  for (const { children } of elementsNamed(root, 'servers')) {
    for (const server of children) addServer(file, drafts, server, urls);
  }
  if (root?.name === 'settingsSecurity') addMaster(file, drafts, root);
  return problem === undefined ? [] : [file.gap(problem.line, problem.message)];
}

function addServer(
  file: ClientFile,
  drafts: Drafts,
  server: XmlElement,
  urls: ReadonlyMap<string, string | undefined>,
): void {
  const id = childText(server, 'id') ?? '';
  const password = childText(server, 'password');
  const passphrase = childText(server, 'passphrase');
  const headers = elementsNamed(server, 'property').map((property) => childText(property, 'value'));
  const draft = addRegistryCredential(file, drafts, {
    ecosystem: 'maven',
    url: urls.get(id) ?? `${id}`,
    user: childText(server, 'username'),
    secrets: [password, passphrase, ...headers],
    authMethod: password === undefined && passphrase === undefined ? 'static_secret' : 'password',
    line: server.line,
    lastLine: server.children.at(-1)?.line ?? server.line,
  });
  const isEncrypted = [password, passphrase, ...headers].every((text) => text === undefined || ENCRYPTED.test(text));
  if (draft !== undefined && isEncrypted) setFacts(draft, { storage: 'encrypted_file', literal: false }, file.path);
}

/** The master password opens all others. Maven "encrypts" it under a word that everybody knows. */
function addMaster(file: ClientFile, drafts: Drafts, root: XmlElement): void {
  const master = root.children.find(({ name }) => name === 'master');
  if (master === undefined || master.text.trim() === '') return;
  const { line } = master;
  addRegistryCredential(file, drafts, {
    ecosystem: 'maven',
    url: undefined,
    user: 'master password',
    secrets: [master.text],
    authMethod: 'password',
    line,
    facts: { masterPassword: true, anyHost: undefined },
  });
}
