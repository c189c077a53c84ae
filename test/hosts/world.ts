import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { HostContext, HostGap, Listed, OpenHost, Repository, Tips } from '../../src/hosts/contract.ts';
import github from '../../src/hosts/github/index.ts';
import { createNetwork } from '../../src/lib/http/http.ts';
import { buildAcme, madeToken } from '../collectors/github/acme.ts';
import { FakeGithub } from './fake-github.ts';

/** One repository of the fake organisation. */
export interface FakeRepository {
  readonly id: number;
  name: string;
  readonly heads: Map<string, string>;
  readonly tags: Map<string, string>;
  archived?: boolean;
  disabled?: boolean;
  deleted?: boolean;
  /** True: its contents are not shown. */
  hidden?: boolean;
  parent?: string;
}

export const oidOf = (text: string): string => createHash('sha1').update(text).digest('hex');

/** An organisation of GitHub with repositories that can change between two requests. */
export class World {
  readonly fake = new FakeGithub(new Map());
  readonly repositories: FakeRepository[] = [];
  readonly slept: number[] = [];
  owner = 'acme';
  /** The clock of the server and of the client, in milliseconds. */
  time = Date.parse('2026-01-15T12:00:00Z');
  readonly #entry: Readonly<Record<string, unknown>>;

  constructor() {
    const [entry] = buildAcme().answers.get('/orgs/acme/repos') as readonly Readonly<Record<string, unknown>>[];
    this.#entry = entry ?? {};
  }

  /** Makes `count` repositories and forgets what was before. */
  fill(count: number): void {
    this.fake.reset();
    this.slept.length = 0;
    this.owner = 'acme';
    this.repositories.length = 0;
    for (let index = 0; index < count; index += 1) {
      const name = `r${String(index).padStart(4, '0')}`;
      const heads = new Map([['main', oidOf(name)]]);
      this.repositories.push({ id: 1_000 + index, name, heads, tags: new Map() });
    }
    this.publish();
    this.fake.queries = (variables) => this.#query(variables['ids'] as readonly string[]);
  }

  /** Lets the list show what the repositories are now. */
  publish(): void {
    const listed = this.repositories
      .filter(({ deleted }) => deleted !== true)
      .map((repository) => this.#listed(repository));
    this.fake.answers = new Map([['/orgs/acme/repos', listed]]);
  }

  context(more: Partial<HostContext> = {}): HostContext {
    const { host, url } = this.fake;
    const allowed = { allowedHosts: [host], privateHosts: [host] };
    return {
      now: new Date(this.time),
      env: { GITHUB_API_URL: url, GITHUB_TOKEN: madeToken(`gh${'p_'}`, 36) },
      cwd: tmpdir(),
      limits: { requestTimeout: 5_000 },
      options: { 'retry-delay': 1 },
      network: createNetwork({ ...allowed, timeoutMs: 5_000, userAgent: 'bowerbird-test', maxBytes: 8 << 20, fetch }),
      clock: () => this.time,
      sleep: async (ms) => {
        this.slept.push(ms);
        this.time += ms;
      },
      ...more,
    };
  }

  async open(more: Partial<HostContext> = {}, value = 'acme'): Promise<OpenHost> {
    const opened = await github.open(this.context(more), { scheme: 'github', value, text: `github:${value}` });
    if ('gap' in opened) throw new Error(opened.gap.message);
    return opened;
  }

  #listed({ id, name, archived = false, disabled = false, parent }: FakeRepository): unknown {
    const full = {
      name,
      full_name: `${this.owner}/${name}`,
      clone_url: `https://github.com/${this.owner}/${name}.git`,
    };
    const owner = { ...(this.#entry['owner'] as object), login: this.owner };
    return { ...this.#entry, ...full, id, node_id: `R_${id}`, owner, archived, disabled, fork: parent !== undefined };
  }

  #query(ids: readonly string[]): unknown {
    const nodes = ids.map((id) => this.#node(this.repositories.find((repository) => `R_${repository.id}` === id)));
    const errors = nodes.flatMap((node, index) =>
      node === null ? [{ type: 'NOT_FOUND', path: ['nodes', index], message: 'Could not resolve to a node' }] : [],
    );
    return { data: { nodes }, ...(errors.length > 0 ? { errors } : {}) };
  }

  #node(repository: FakeRepository | undefined): unknown {
    if (repository === undefined || repository.deleted === true) return null;
    const { name, heads, tags, disabled = false, hidden = false, parent } = repository;
    const refs = (list: ReadonlyMap<string, string>): unknown =>
      hidden
        ? null
        : {
            totalCount: list.size,
            nodes: [...list].slice(0, 20).map(([ref, oid]) => ({ name: ref, target: { oid } })),
          };
    const origin = parent === undefined ? null : { nameWithOwner: parent };
    const nameWithOwner = `${this.owner}/${name}`;
    return { id: name, nameWithOwner, isDisabled: disabled, parent: origin, heads: refs(heads), tags: refs(tags) };
  }
}

/** What a list held, in parts. */
export interface ListedParts {
  readonly repositories: readonly Repository[];
  readonly pages: readonly Extract<Listed, { kind: 'page' }>['page'][];
  readonly gaps: readonly HostGap[];
  readonly notes: readonly Extract<Listed, { kind: 'note' }>[];
}

/** Reads a whole list. */
export async function listAll(items: AsyncIterable<Listed>): Promise<ListedParts> {
  const parts = { repositories: [] as Repository[], pages: [] as never[], gaps: [] as HostGap[], notes: [] as never[] };
  for await (const item of items) {
    if (item.kind === 'repository') parts.repositories.push(item.repository);
    if (item.kind === 'gap') parts.gaps.push(item.gap);
    if (item.kind === 'page') parts.pages.push(item.page as never);
    if (item.kind === 'note') parts.notes.push(item as never);
  }
  return parts;
}

/** Reads the tips of all. */
export async function tipsOf(host: OpenHost, repositories: readonly Repository[]): Promise<readonly Tips[]> {
  const all: Tips[] = [];
  for await (const tips of host.tips(repositories)) all.push(tips);
  return all;
}
