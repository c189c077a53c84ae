import type { Permission } from '../../contract.ts';
import type { Shape } from './shape.ts';

/** One read-only endpoint: what is read of it, the least permission for it, and what is lost without it. */
export interface Endpoint<T> {
  /** Scope in the coverage ledger, and the name that the option `skip` takes. */
  readonly id: string;
  /** Path below the base URL, with `{parameter}`s. Always read with GET. */
  readonly route: string;
  /** Fixed query, without paging. */
  readonly query?: Readonly<Record<string, string>>;
  readonly needs: string;
  readonly without: string;
  /**
   * `core`: without it the inventory is not what it claims to be, so a denial fails the scope. `optional`: a denial is
   * one gap, because many tokens or plans cannot have it.
   */
  readonly level: 'core' | 'optional';
  /** `body`: one object. `list`: pages of lists. Any other text: pages of objects with the list under that name. */
  readonly form: string;
  /** Of the object, or of one entry. */
  readonly shape: Shape<T>;
  /** A 404 says that there is nothing, not that something is hidden. */
  readonly mayBeAbsent?: true;
  /** What a recording keeps of an entry, where that is less than what is read. */
  store?(entry: T): T;
}

export type Parameters = Readonly<Record<string, string>>;

/** The query that asks for pages of so many entries: `{ per_page: 100 }`. Empty: the server's own size. */
export type PageSize = Readonly<Record<string, number>>;

/** Path and query of the first request: `/repos/acme/app/keys?per_page=100`. */
export function pathOf(endpoint: Endpoint<unknown>, parameters: Parameters, pageSize: PageSize = {}): string {
  const path = endpoint.route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
  const query = new URLSearchParams(endpoint.query);
  const sizes = endpoint.form === 'body' ? [] : Object.entries(pageSize);
  for (const [name, size] of sizes) query.set(name, String(size));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The endpoint as users know it: `GET /repos/{owner}/{repo}/keys`. */
export function titleOf(endpoint: Endpoint<unknown>): string {
  const query = new URLSearchParams(endpoint.query).toString();
  return `GET ${endpoint.route}${query === '' ? '' : `?${query}`}`;
}

/** The line that `doctor` shows. */
export function permissionOf(endpoint: Endpoint<unknown>): Permission {
  return { reads: titleOf(endpoint), needs: endpoint.needs, without: endpoint.without };
}
