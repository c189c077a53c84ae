import { printable } from '../../clients/shared/live.ts';
import { isObject } from '../../clients/shared/shape.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { HostState, Ref, Repository, Tips } from '../contract.ts';
import { adviceOf, hostGap } from '../shared/gaps.ts';
import type { Session } from './session.ts';

/** Repositories in a query. GitHub allows 100. */
const BATCH = 100;
/** A query that GitHub cannot finish is asked again in parts of this size. */
const SMALL_BATCH = 20;
/** References of each kind in an answer. A longer list is cut. */
const REFS = 20;
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const LONGEST_NAME = 1_024;

const LISTS = ['heads', 'tags'] as const;

const QUERY = `query($ids:[ID!]!){nodes(ids:$ids){...on Repository{id nameWithOwner isDisabled parent{nameWithOwner} ${LISTS.map(
  (kind) => `${kind}:refs(refPrefix:"refs/${kind}/",first:${REFS}){totalCount nodes{name target{oid}}}`,
).join(' ')}}}}`;

/** Asks for the branches and tags of many repositories at once. */
export async function* readTips(session: Session, repositories: readonly Repository[]): AsyncGenerator<Tips> {
  for (let start = 0; start < repositories.length; start += BATCH) {
    const batch = repositories.slice(start, start + BATCH);
    const tips = await askBatch(session, batch);
    if (Array.isArray(tips)) yield* tips;
    else
      for (let at = 0; at < batch.length; at += SMALL_BATCH)
        yield* await askAgain(session, batch.slice(at, at + SMALL_BATCH));
  }
}

/** A query that GitHub did not finish, as the end of a sentence. */
interface Unfinished {
  readonly detail: string;
}

async function askAgain(session: Session, batch: readonly Repository[]): Promise<readonly Tips[]> {
  const tips = await askBatch(session, batch);
  if ('detail' in tips) return batch.map((repository) => missing(repository, 'unreachable', tips.detail));
  return tips;
}

async function askBatch(session: Session, batch: readonly Repository[]): Promise<readonly Tips[] | Unfinished> {
  const asked = batch.filter((repository) => repository.handle !== undefined && !repository.disabled);
  const ids = asked.map(({ handle }) => handle ?? '');
  if (ids.length === 0) return batch.map((repository) => unasked(repository));
  const answer = await session.ask({ method: 'QUERY', query: QUERY, variables: { ids } });
  if ('state' in answer) {
    const { status = 0, detail, stands } = answer;
    if (status >= 500) return { detail };
    return batch.map((repository) => missing(repository, stands, detail));
  }
  const data = isObject(answer.data) ? answer.data['data'] : undefined;
  const nodes = isObject(data) ? data['nodes'] : undefined;
  if (!Array.isArray(nodes) || nodes.length !== ids.length) {
    const { type, message } = errorsOf(answer.data)[0] ?? {};
    const detail = `GitHub did not finish the query${typeof message === 'string' ? ` (${printable(message)})` : ''}`;
    const denied = type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES';
    return denied ? batch.map((repository) => missing(repository, 'denied', detail)) : { detail };
  }
  const reasons = reasonsOf(answer.data);
  const told = new Map(asked.map((repository, index) => [repository, { node: nodes[index], why: reasons.get(index) }]));
  return batch.map((repository) => {
    const answered = told.get(repository);
    return answered === undefined ? unasked(repository) : toTips(repository, answered.node, answered.why);
  });
}

/** Reads which nodes an answer has errors for, and their types. Errors deeper in a node leave a part of it empty. */
function reasonsOf(data: unknown): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  for (const { path, type } of errorsOf(data)) {
    const [list, index]: readonly unknown[] = Array.isArray(path) && path.length === 2 ? path : [];
    if (list === 'nodes' && typeof index === 'number') reasons.set(index, String(type ?? ''));
  }
  return reasons;
}

function errorsOf(data: unknown): readonly Readonly<Record<string, unknown>>[] {
  const errors = isObject(data) ? data['errors'] : undefined;
  return Array.isArray(errors) ? errors.filter(isObject) : [];
}

function toTips(repository: Repository, node: unknown, why: string | undefined): Tips {
  if (!isObject(node)) {
    if (why === undefined || why === 'NOT_FOUND') return missing(repository, 'deleted', '');
    return missing(repository, 'denied', 'GitHub does not show it to this token');
  }
  if (node['isDisabled'] === true) return missing(repository, 'disabled', '');
  const lists = LISTS.map((kind) => refsOf(node[kind], `refs/${kind}/`));
  if (lists.some((list) => list === undefined)) {
    return missing(repository, 'denied', 'GitHub does not show its contents to this token (Contents: read)');
  }
  const parent = isObject(node['parent']) ? node['parent']['nameWithOwner'] : undefined;
  const name = node['nameWithOwner'];
  return {
    state: 'known',
    id: repository.id,
    name: typeof name === 'string' ? name : repository.name,
    refs: lists.flatMap((list) => list?.refs ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    complete: lists.every((list) => list?.complete === true),
    ...defined({ forkOf: typeof parent === 'string' ? parent : undefined }),
  };
}

/** Returns undefined for a list that was not shown. A reference of an unknown form makes the list incomplete. */
function refsOf(
  list: unknown,
  prefix: string,
): { readonly refs: readonly Ref[]; readonly complete: boolean } | undefined {
  if (!isObject(list) || !Array.isArray(list['nodes'])) return undefined;
  const refs = list['nodes'].slice(0, REFS).flatMap((node): Ref[] => {
    const { name, target } = isObject(node) ? node : {};
    const oid = isObject(target) ? target['oid'] : undefined;
    const fits = typeof name === 'string' && name.length <= LONGEST_NAME && typeof oid === 'string' && OID.test(oid);
    return fits ? [{ name: prefix + name, oid }] : [];
  });
  return { refs, complete: list['totalCount'] === refs.length };
}

function unasked(repository: Repository): Tips {
  if (repository.disabled) return missing(repository, 'disabled', '');
  return { state: 'unknown', id: repository.id };
}

function missing({ id, name }: Repository, state: HostState, detail: string): Tips {
  return { state: 'missing', id, gap: hostGap(state, { subject: name, message: messageOf(name, state, detail) }) };
}

function messageOf(name: string, state: HostState, detail: string): string {
  if (state === 'deleted') return `${name} was listed and is there no more: it was deleted, or taken from this token.`;
  if (state === 'disabled') return `GitHub has disabled ${name}, so nobody can read it. Ask its support why.`;
  return `The branches of ${name} are not known: ${detail}. ${adviceOf(state)}`;
}
