import type { Json } from '../../model/json.ts';
import type { Network } from '../shared/context.ts';
import type { Credential } from './credential.ts';

/** A request that only reads. */
export type GithubRequest =
  | {
      readonly method: 'GET';
      /** Path and query below the base URL. */
      readonly path: string;
      /** Of an earlier answer. The answer is 304 where nothing changed, which costs nothing of the limit. */
      readonly etag?: string;
    }
  | { readonly method: 'QUERY'; readonly query: string; readonly variables: Readonly<Record<string, Json>> };

/** Where and how the API is reached. */
export interface GithubOptions {
  readonly network: Network;
  /** Without a trailing slash: `https://api.github.com`. */
  readonly baseUrl: string;
  readonly credential: Credential;
  /** True where the caller asks several things at once: requests are then spaced. */
  readonly parallel?: boolean;
}
