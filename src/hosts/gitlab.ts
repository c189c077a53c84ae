import { createClient } from '../clients/shared/client.ts';
import { findToken, hostsOf, readBaseUrl } from '../clients/shared/environment.ts';
import type { Answer } from '../clients/shared/live.ts';
import { linkPaging } from '../clients/shared/paging.ts';
import { date, flag, numericId, object, optional, type Shaped, text, word } from '../clients/shared/shape.ts';
import type { Reply, Transport } from '../clients/shared/transport.ts';
import type { SpentLimit } from '../clients/shared/waiting.ts';
import { defined } from '../lib/fields/defined.ts';
import type { Address } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import { defineHost, type HostContext, type HostGap, type Listed, type OpenHost, type Repository } from './contract.ts';
import { gitUrl, wikiOf } from './shared/clone-url.ts';
import { adviceOf, hostGap, stateOf } from './shared/gaps.ts';
import { serial } from './shared/serial.ts';
import { unknownTips } from './shared/unknown-tips.ts';

const PROVIDER = 'GitLab';
const API_VARIABLE = 'GITLAB_API_URL';
const PUBLIC_API = 'https://gitlab.com/api/v4';
/** In the order in which they are looked at. */
const TOKEN_NAMES = ['BOWERBIRD_GITLAB_TOKEN', 'GITLAB_TOKEN'] as const;
/** A group below others: `acme/platform`. */
const GROUP = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}){0,20}$/;
const LIST = 'include_subgroups=true&with_shared=false&order_by=id&sort=asc&per_page=100';
const MOST_PAGES = 10_000;

/** The fields of a project that are read. */
const PROJECT = object({
  id: numericId(),
  path_with_namespace: text(),
  http_url_to_repo: text(),
  visibility: optional(word('public', 'internal', 'private')),
  archived: optional(flag()),
  repository_access_level: optional(text()),
  forked_from_project: optional(object({ path_with_namespace: optional(text()) })),
  last_activity_at: optional(date()),
  default_branch: optional(text()),
  wiki_enabled: optional(flag()),
  wiki_access_level: optional(text()),
});

/** The projects of a GitLab group and of all groups below it (`gitlab:acme/platform`). */
export default defineHost({
  id: 'gitlab',
  title: 'GitLab group',
  scheme: 'gitlab',
  hosts: (env) => hostsOf(env, API_VARIABLE, PUBLIC_API),
  open,
});

async function open(context: HostContext, address: Address): Promise<OpenHost | { readonly gap: HostGap }> {
  const group = address.value;
  if (!GROUP.test(group)) throw new UsageError(`"${address.text}" names no group. Write gitlab:<group>[/<subgroup>].`);
  const { network } = context;
  const refuse = (why: string): { readonly gap: HostGap } => ({
    gap: hostGap('denied', { subject: address.text, message: `${address.text} was not read: ${why}`, scope: true }),
  });
  if (network === undefined) return refuse('GitLab needs the network.');
  const token = findToken(context.env, TOKEN_NAMES);
  if (token === undefined) return refuse(`no token. Set ${TOKEN_NAMES.join(' or ')}.`);
  const baseUrl = readBaseUrl(context, API_VARIABLE, PUBLIC_API, 'https://<host>/api/v4');
  const client = createClient(context, {
    provider: PROVIDER,
    network,
    baseUrl,
    headers: { 'private-token': token },
    paging: linkPaging(baseUrl),
    spent: (answer) => spentLimit(answer, context.now),
  });
  const get = serial((path: string) => client.get(path));
  return { list: () => listProjects({ get }, group), tips: unknownTips };
}

/** Lists by keyset, which costs the same on every page; by numbers where a server cannot. */
async function* listProjects(client: Transport, group: string): AsyncGenerator<Listed> {
  const start = `/groups/${encodeURIComponent(group)}/projects?${LIST}`;
  const seen = new Set<string>();
  const paths = new Set<string>();
  let path: string | undefined = `${start}&pagination=keyset`;
  while (path !== undefined) {
    if (paths.has(path) || paths.size >= MOST_PAGES) {
      yield cut(group, seen.size, 'limit', 'its pages do not end. Report it to GitLab.');
      return;
    }
    paths.add(path);
    const reply: Reply = await client.get(path);
    if (reply.state === 'failed' && reply.status === 405 && paths.size === 1) {
      path = start;
      continue;
    }
    path = yield* listPage(group, reply, seen);
  }
}

/** Returns the path of the next page. */
function* listPage(group: string, reply: Reply, seen: Set<string>): Generator<Listed, string | undefined> {
  if (reply.state === 'failed') {
    yield troubleOf(group, reply, seen.size);
    return undefined;
  }
  if (!Array.isArray(reply.body)) {
    yield cut(group, seen.size, 'malformed', 'GitLab answered with something that is no list.');
    return undefined;
  }
  for (const item of reply.body) yield* listProject(group, item, seen);
  if (reply.next !== 'foreign') return reply.next?.path;
  yield cut(group, seen.size, 'malformed', `its next page is on another host. Check ${API_VARIABLE}.`);
  return undefined;
}

function* listProject(group: string, item: unknown, seen: Set<string>): Generator<Listed> {
  const project = PROJECT.read(item);
  const url = project === undefined ? undefined : gitUrl(project.http_url_to_repo);
  if (project === undefined || url === undefined) {
    const message = `A project of ${group} is described in an unknown form and was not read.`;
    yield { kind: 'gap', gap: hostGap('malformed', { subject: `gitlab:${group}`, message }) };
    return;
  }
  if (seen.has(project.id)) return;
  seen.add(project.id);
  const repository = toRepository(project, url);
  yield { kind: 'repository', repository };
  if (!repository.disabled) return;
  const message = `The repository of ${repository.name} is switched off in its settings, so nobody can read it.`;
  yield { kind: 'gap', gap: hostGap('disabled', { subject: repository.name, message }) };
}

function toRepository(project: Shaped<typeof PROJECT>, url: string): Repository {
  const { forked_from_project: parent, last_activity_at: pushedAt, default_branch: defaultBranch } = project;
  const hasWiki =
    project.wiki_access_level === undefined ? project.wiki_enabled : project.wiki_access_level !== 'disabled';
  return {
    id: project.id,
    name: project.path_with_namespace,
    url,
    visibility: project.visibility ?? 'unknown',
    archived: project.archived === true,
    disabled: project.repository_access_level === 'disabled',
    fork: parent !== undefined,
    ...defined({ forkOf: parent?.path_with_namespace, pushedAt, defaultBranch }),
    ...(hasWiki === true ? { wiki: wikiOf(url) } : {}),
  };
}

function troubleOf(group: string, reply: Extract<Reply, { state: 'failed' }>, seen: number): Listed {
  if (reply.status === 404 && seen === 0) {
    const message = `GitLab shows no group "${group}" to this token: check the name or the token.`;
    return { kind: 'gap', gap: hostGap('not-found', { subject: `gitlab:${group}`, message, scope: true }) };
  }
  const state = stateOf(reply, seen > 0);
  return cut(group, seen, state, `${reply.detail}. ${adviceOf(state)}`);
}

function cut(group: string, seen: number, state: HostGap['state'], why: string): Listed {
  const read = seen === 0 ? 'was not read' : `is cut after ${seen} projects`;
  const message = `The list of ${group} ${read}: ${why}`;
  return { kind: 'gap', gap: hostGap(state, { subject: `gitlab:${group}`, message, scope: true }) };
}

function spentLimit({ headers }: Answer, now: Date): SpentLimit | undefined {
  const reset = Number(headers['ratelimit-reset'] ?? Number.NaN) * 1_000;
  if (String(headers['ratelimit-remaining'] ?? '') !== '0' || !Number.isFinite(reset)) return undefined;
  const said = Date.parse(String(headers['date'] ?? ''));
  return { limit: '', wait: Math.max(1_000, reset - (Number.isNaN(said) ? now.getTime() : said) + 1_000) };
}
