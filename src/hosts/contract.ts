import type { ClientContext, Network } from '../clients/shared/context.ts';
import type { Address } from '../model/address.ts';
import type { Gap } from '../model/gap.ts';

/** A repository as its host lists it. Plain data, which a caller may keep as JSON. */
export interface Repository {
  /** Unique in the host, and the same after a rename where the host has ids. */
  readonly id: string;
  /** `acme/app`. */
  readonly name: string;
  /** Where git clones it from. Holds no user and no password. */
  readonly url: string;
  readonly visibility: 'public' | 'internal' | 'private' | 'unknown';
  readonly archived: boolean;
  /** True if the host lets nobody clone it. */
  readonly disabled: boolean;
  readonly fork: boolean;
  /** The repository that it was forked from, where the host says so. */
  readonly forkOf?: string;
  /** Bytes, roughly. */
  readonly size?: number;
  /** ISO 8601. */
  readonly pushedAt?: string;
  readonly defaultBranch?: string;
  /** Where git clones its wiki from, if it may have one. A wiki without pages is no repository. */
  readonly wiki?: string;
  /** What the host itself needs to ask for tips. */
  readonly handle?: string;
}

/** A branch or a tag, and what it points at. A tag that is an object of its own points at that object. */
export interface Ref {
  /** `refs/heads/main`. */
  readonly name: string;
  readonly oid: string;
}

/**
 * What happened, as a word that a caller may count and a user may search for.
 *
 * `renamed`, `duplicate`: everything was read all the same. `deleted`: it was in the list and is there no more.
 * `disabled`: the host lets nobody read it. `expired`: the token was good before. `partial`: the token sees some only.
 */
export type HostState =
  | 'renamed'
  | 'duplicate'
  | 'deleted'
  | 'disabled'
  | 'denied'
  | 'expired'
  | 'partial'
  | 'not-found'
  | 'rate-limited'
  | 'unreachable'
  | 'malformed'
  | 'limit'
  | 'refused';

/** Something that should have been read and was not. The message says what to do about it. */
export interface HostGap extends Gap {
  readonly state: HostState;
}

/** A page of a list, for the next night: an unchanged page costs nothing of a rate limit. Plain data. */
export interface RememberedPage {
  readonly path: string;
  readonly etag: string;
  readonly repositories: readonly Repository[];
  readonly next?: string;
}

/** What a host yields while it lists, in the order in which it finds things. */
export type Listed =
  | { readonly kind: 'repository'; readonly repository: Repository }
  | { readonly kind: 'page'; readonly page: RememberedPage }
  /** Worth telling the user; nothing is missing. */
  | { readonly kind: 'note'; readonly state: HostState; readonly message: string }
  | { readonly kind: 'gap'; readonly gap: HostGap };

/** What is known of the tips of one repository. */
export type Tips =
  | {
      readonly state: 'known';
      readonly id: string;
      /** Its present name. */
      readonly name: string;
      /** Branches and tags, sorted by name. References of pull requests are not among them. */
      readonly refs: readonly Ref[];
      /** False: the list is cut. Ask git (`ls-remote`), and never conclude that nothing changed. */
      readonly complete: boolean;
      readonly forkOf?: string;
    }
  /** This host does not tell: ask git. */
  | { readonly state: 'unknown'; readonly id: string }
  | { readonly state: 'missing'; readonly id: string; readonly gap: HostGap };

/** Everything that a host may know about the world. */
export interface HostContext extends ClientContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Absent: the run is offline. */
  readonly network?: Network;
  /** True: `file://` and paths may stand in a list of URLs. */
  readonly allowLocal?: boolean;
}

/** A host with its credential, for one address. Calls are made one after another, whoever asks. */
export interface OpenHost {
  /** Lists all repositories. Everything that is not listed and should be is a gap. */
  list(remembered?: readonly RememberedPage[]): AsyncIterable<Listed>;
  /** Yields exactly one `Tips` for each repository, in their order. */
  tips(repositories: readonly Repository[]): AsyncIterable<Tips>;
}

/** A kind of host. */
export interface Host {
  readonly id: string;
  readonly title: string;
  /** The part before the colon in a target. */
  readonly scheme: string;
  /** Hosts whose API it may ask, with `:port` unless it is 443. */
  hosts(env: HostContext['env']): readonly string[];
  /**
   * Prepares reading an address. Asks nothing yet. A missing network or token is a gap.
   *
   * @throws UsageError for a mistake of the user
   */
  open(context: HostContext, address: Address): Promise<OpenHost | { readonly gap: HostGap }>;
}

/** Gives a host its type. */
export function defineHost(host: Host): Host {
  return host;
}
