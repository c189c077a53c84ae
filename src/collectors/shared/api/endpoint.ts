import type { Shape } from '../../../clients/shared/shape.ts';
import type { Permission } from '../../contract.ts';

/** One read-only endpoint: which fields are read, the least permission for it, and what is lost without it. */
export interface Endpoint<T> {
  /** Its scope in the ledger, and its name in the option `skip`. */
  readonly id: string;
  /** Path below the base URL, with `{parameter}`s. Always read with GET. */
  readonly route: string;
  /** Fixed query parameters, without those for paging. */
  readonly query?: Readonly<Record<string, string>>;
  readonly needs: string;
  readonly without: string;
  /**
   * `core`: without it the inventory would be wrong, so a denial fails the scope. `optional`: a denial is one gap,
   * because many tokens or plans cannot have it.
   */
  readonly level: 'core' | 'optional';
  /**
   * `body`: one object. `list`: pages that are lists. Any other text: pages that are objects with the list under that
   * name.
   */
  readonly form: string;
  /** The fields of the object, or of one entry. */
  readonly shape: Shape<T>;
  /** True if a 404 means that there is nothing, not that something is hidden. */
  readonly mayBeAbsent?: true;
  /** False for an entry that nothing uses: it is left out of what is read and recorded. */
  keep?(entry: T): boolean;
  /** What a recording keeps of an entry, if that is less than what is read. */
  store?(entry: T): T;
}

export type Parameters = Readonly<Record<string, string>>;

/** Query parameters that set the page size: `{ per_page: 100 }`. Empty: the server decides. */
export type PageSize = Readonly<Record<string, number>>;

/** Returns path and query of the first request: `/repos/acme/app/keys?per_page=100`. */
export function pathOf(endpoint: Endpoint<unknown>, parameters: Parameters, pageSize: PageSize = {}): string {
  const path = endpoint.route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
  const query = new URLSearchParams(endpoint.query);
  const sizes = endpoint.form === 'body' ? [] : Object.entries(pageSize);
  for (const [name, size] of sizes) query.set(name, String(size));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Returns the endpoint as users know it: `GET /repos/{owner}/{repo}/keys`. */
export function titleOf(endpoint: Endpoint<unknown>): string {
  const query = new URLSearchParams(endpoint.query).toString();
  return `GET ${endpoint.route}${query === '' ? '' : `?${query}`}`;
}

/** The line that `doctor` shows. */
export function permissionOf(endpoint: Endpoint<unknown>): Permission {
  return { reads: titleOf(endpoint), needs: endpoint.needs, without: endpoint.without };
}
