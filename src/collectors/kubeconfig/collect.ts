import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import { environmentOf, isPlainHttp, readServer, type Server } from '../shared/client-files/hosts.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { valuePlace } from '../shared/value-place.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { readLogin } from './login.ts';

const COLLECTOR = 'kubeconfig';
const MOST_USERS = 2000;
/** What of a user is a secret in the file. */
const SECRETS = ['client-key-data', 'token', 'password'];

/** Reads kubeconfig files. */
export function collectKubeconfigs(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles(COLLECTOR, files, readFile);
}

async function readFile(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  const configurations = documents.filter(({ value }) => asText(asObject(value)['kind']) === 'Config');
  return [...gaps, ...configurations.flatMap((document) => addUsers(file, drafts, document))];
}

/** A context ties a user to a cluster. */
interface Access {
  readonly context: string;
  readonly cluster: string;
  readonly server: Server | undefined;
  readonly settings: Loose;
}

function addUsers(file: ClientFile, drafts: Drafts, document: YamlDocument): readonly Gap[] {
  const root = asObject(document.value);
  const users = asList(root['users']).map(asObject);
  const accesses = readAccesses(root);
  const gaps: Gap[] = [];
  for (const [index, entry] of users.slice(0, MOST_USERS).entries()) {
    const name = asText(entry['name']);
    if (name === undefined || name === '') continue;
    const { start, end } = document.place(['users', index]);
    const evidence = file.evidence(start.line, Math.max(start.line, end.line));
    const id = `kubeconfig:${file.repository}:${file.path}#${name}`;
    const uses = accesses.get(name) ?? [];
    const account = uses[0]?.cluster ?? file.repository;
    const draft = drafts.identity({ id, type: 'kubeconfig_user', provider: 'kubernetes', name, account }, evidence);
    const { facts, keys, problem } = readLogin(asObject(entry['user']), `${file.path}:${start.line}`);
    setFacts(draft, { ...facts, ...accessFacts(uses, name, file.path) }, file.path);
    for (const key of keys) addKey(draft, key.kind, key.value);
    for (const value of SECRETS) {
      if (asText(asObject(entry['user'])[value]) === undefined) continue;
      const place = document.place(['users', index, 'user', value]);
      addKey(draft, 'declared-value', valuePlace(file.origin, place.start, place.end));
    }
    for (const { server } of uses) {
      addKey(draft, 'host', server?.host);
      addKey(draft, 'kubeconfig-user', server && `${name}@${server.host}`);
    }
    if (problem !== undefined) gaps.push(file.gap(start.line, `user ${name}: ${problem}`));
  }
  if (users.length > MOST_USERS)
    gaps.push(file.gap(1, `only the first ${MOST_USERS} users were read; split the file`, 'limit'));
  return gaps;
}

/** Contexts by the user that they name. */
function readAccesses(root: Loose): ReadonlyMap<string, readonly Access[]> {
  const clusters = new Map(
    asList(root['clusters']).map(
      (item) => [asText(asObject(item)['name']), asObject(asObject(item)['cluster'])] as const,
    ),
  );
  const accesses = new Map<string, Access[]>();
  for (const item of asList(root['contexts'])) {
    const context = asObject(asObject(item)['context']);
    const [user = '', cluster = ''] = [asText(context['user']), asText(context['cluster'])];
    const settings = clusters.get(cluster) ?? {};
    const server = readServer(asText(settings['server']) ?? '');
    const list = accesses.get(user) ?? [];
    list.push({ context: asText(asObject(item)['name']) ?? '', cluster, server, settings });
    accesses.set(user, list);
  }
  return accesses;
}

/** Without a context nothing is known of the connection. */
function accessFacts(
  uses: readonly Access[],
  user: string,
  path: string,
): Readonly<Record<string, string | boolean | undefined>> {
  const names = uses.flatMap(({ context, cluster, server }) => [context, cluster, server?.host]);
  const environment = environmentOf(...names, user, path.slice(path.lastIndexOf('/') + 1));
  if (uses.length === 0) return { environment };
  const servers = uses.map(({ server }) => isPlainHttp(server));
  return {
    environment,
    tlsVerified: !uses.some(({ settings }) => settings['insecure-skip-tls-verify'] === true),
    plainHttp: servers.includes(true) ? true : servers.includes(undefined) ? undefined : false,
  };
}
