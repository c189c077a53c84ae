import { linkPaging } from '../../clients/shared/paging.ts';
import { date, flag, numericId, object, optional, type Shaped, text, word } from '../../clients/shared/shape.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { HostGap, Listed, RememberedPage, Repository } from '../contract.ts';
import { gitUrl, wikiOf } from '../shared/clone-url.ts';
import { adviceOf, hostGap } from '../shared/gaps.ts';
import type { Session, Trouble } from './session.ts';

const KIB = 1_024;

/** The fields of a repository in a list that are read. */
const ENTRY = object({
  id: numericId(),
  node_id: text(),
  full_name: text(),
  owner: object({ login: text() }),
  clone_url: text(),
  private: flag(),
  visibility: optional(word('public', 'internal', 'private')),
  archived: optional(flag()),
  disabled: optional(flag()),
  fork: flag(),
  size: optional({ read: (value) => (Number.isSafeInteger(value) ? Number(value) : undefined) }),
  pushed_at: optional(date()),
  default_branch: optional(text()),
  has_wiki: optional(flag()),
});

type Entry = Shaped<typeof ENTRY>;

/** One list while it is read. */
interface Reading {
  readonly session: Session;
  readonly remembered: ReadonlyMap<string, RememberedPage>;
  readonly seen: Set<string>;
  renamed: boolean;
}

/** Lists the repositories of an organisation: 100 in a request, none for a page that did not change. */
export async function* listRepositories(
  session: Session,
  remembered: readonly RememberedPage[] = [],
): AsyncGenerator<Listed> {
  const byPath = new Map(remembered.map((page) => [page.path, page]));
  const reading: Reading = { session, remembered: byPath, seen: new Set(), renamed: false };
  const paths = new Set<string>();
  let path: string | undefined =
    `/orgs/${encodeURIComponent(session.owner)}/repos?type=all&sort=full_name&per_page=100`;
  while (path !== undefined) {
    const stop: string | undefined = paths.has(path)
      ? 'its pages go round'
      : paths.size >= session.mostPages
        ? `it has more than ${session.mostPages} pages`
        : undefined;
    if (stop !== undefined) {
      yield { kind: 'gap', gap: hostGap('limit', gapOf(reading, `${stop}. Report it to GitHub.`)) };
      return;
    }
    paths.add(path);
    path = yield* listPage(reading, path);
  }
  if ((await session.credential.seesSome?.()) === true) yield { kind: 'gap', gap: seesSome(session) };
}

/** Returns the path of the next page. */
async function* listPage(reading: Reading, path: string): AsyncGenerator<Listed, string | undefined> {
  const kept = reading.remembered.get(path);
  const answer = await reading.session.ask({ method: 'GET', path, ...defined({ etag: kept?.etag }) });
  if ('state' in answer) {
    yield { kind: 'gap', gap: troubleGap(reading, answer) };
    return undefined;
  }
  if (answer.status === 304 && kept !== undefined) return yield* listKept(reading, kept);
  if (!Array.isArray(answer.data)) {
    yield { kind: 'gap', gap: hostGap('malformed', gapOf(reading, 'GitHub answered with something that is no list.')) };
    return undefined;
  }
  const repositories: Repository[] = [];
  for (const item of answer.data) yield* listEntry(reading, item, repositories);
  const next = linkPaging(reading.session.baseUrl)(answer, path);
  if (next === 'foreign') {
    const message = 'its next page is on another host, which would get the token. Check GITHUB_API_URL.';
    yield { kind: 'gap', gap: hostGap('malformed', gapOf(reading, message)) };
    return undefined;
  }
  const { etag } = answer.headers;
  const whole = repositories.length === answer.data.length;
  if (typeof etag === 'string' && etag.length < 256 && whole) {
    yield { kind: 'page', page: { path, etag, repositories, ...defined({ next: next?.path }) } };
  }
  return next?.path;
}

async function* listKept(reading: Reading, page: RememberedPage): AsyncGenerator<Listed, string | undefined> {
  for (const repository of page.repositories) {
    reading.seen.add(repository.id);
    yield { kind: 'repository', repository };
    yield* disabledGap(repository);
  }
  yield { kind: 'page', page };
  return page.next;
}

function* listEntry(reading: Reading, item: unknown, repositories: Repository[]): Generator<Listed> {
  const entry = ENTRY.read(item);
  const url = entry === undefined ? undefined : gitUrl(entry.clone_url);
  if (entry === undefined || url === undefined) {
    const message = `A repository of ${reading.session.owner} is described in an unknown form and was not read.`;
    yield { kind: 'gap', gap: hostGap('malformed', { subject: `github:${reading.session.owner}`, message }) };
    return;
  }
  yield* noteRename(reading, entry);
  const repository = toRepository(entry, url);
  repositories.push(repository);
  // A repository that was pushed to or renamed meanwhile can stand on two pages.
  if (reading.seen.has(repository.id)) return;
  reading.seen.add(repository.id);
  yield { kind: 'repository', repository };
  yield* disabledGap(repository);
}

function toRepository(entry: Entry, url: string): Repository {
  const { size, pushed_at: pushedAt, default_branch: defaultBranch } = entry;
  return {
    id: entry.id,
    name: entry.full_name,
    url,
    visibility: entry.visibility ?? (entry.private ? 'private' : 'public'),
    archived: entry.archived === true,
    disabled: entry.disabled === true,
    fork: entry.fork,
    handle: entry.node_id,
    ...defined({ pushedAt, defaultBranch, size: size === undefined ? undefined : size * KIB }),
    ...(entry.has_wiki === true ? { wiki: wikiOf(url) } : {}),
  };
}

/** An organisation that was renamed redirects; its repositories say its new name. */
function* noteRename(reading: Reading, { owner: { login } }: Entry): Generator<Listed> {
  const { owner } = reading.session;
  if (reading.renamed || login.toLowerCase() === owner.toLowerCase()) return;
  reading.renamed = true;
  const message = `GitHub now calls "${owner}" "${login}". All was listed; write github:${login} from now on.`;
  yield { kind: 'note', state: 'renamed', message };
}

function* disabledGap({ name, disabled }: Repository): Generator<Listed> {
  if (!disabled) return;
  const message = `GitHub has disabled ${name}, so nobody can read it. Ask its support why, or leave it out.`;
  yield { kind: 'gap', gap: hostGap('disabled', { subject: name, message }) };
}

function troubleGap(reading: Reading, trouble: Trouble): HostGap {
  const { session, seen } = reading;
  const subject = `github:${session.owner}`;
  if (trouble.status === 404 && seen.size === 0) {
    const message =
      `GitHub shows no organisation "${session.owner}" to this token: check the name or the token. ` +
      'Write the repositories of a person into a file, and its name as urls:<file>.';
    return hostGap('not-found', { subject, message, scope: true });
  }
  return hostGap(trouble.stands, gapOf(reading, `${trouble.detail}. ${adviceOf(trouble.stands)}`), trouble.reason);
}

function gapOf({ session, seen }: Reading, why: string): { subject: string; message: string; scope: true } {
  const read = seen.size === 0 ? 'was not read' : `is cut after ${seen.size} repositories`;
  return {
    subject: `github:${session.owner}`,
    message: `The list of ${session.owner} ${read}: ${why}`,
    scope: true,
  };
}

function seesSome({ owner }: Session): HostGap {
  const message =
    `The App is installed for selected repositories of ${owner} only; private ones beside them are not even listed. ` +
    'Let its installation read all repositories.';
  return hostGap('partial', { subject: `github:${owner}`, message, scope: true });
}
