import type { GapReason } from '../../model/gap.ts';

/** The answer to one request. */
export type Reply =
  | {
      readonly state: 'ok';
      readonly status: number;
      readonly body: unknown;
      readonly bytes: number;
      /** Path and query of the next page, or `foreign` if the answer points outside the API. */
      readonly next?: NextPage;
    }
  | {
      readonly state: 'failed';
      readonly reason: GapReason;
      /** Absent: there was no answer. */
      readonly status?: number;
      /** What happened, as the end of a sentence: `GitHub answered 403 (Forbidden)`. */
      readonly detail: string;
    };

export type NextPage = { readonly path: string } | 'foreign';
export type Failed = Extract<Reply, { state: 'failed' }>;

/** Where answers come from: the API or a dump. It only reads. */
export interface Transport {
  /** Reads `path` (`/orgs/acme/hooks?per_page=100`). Throws `Interrupted` if the run is aborted, and nothing else. */
  get(path: string): Promise<Reply>;
}

/** The run was aborted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Statuses which say that a token may not see something. Many services answer 404 to hide that it exists. */
const DENIED_STATUS: ReadonlySet<number> = new Set([401, 403, 404]);

/** Describes an answer as the end of a sentence. `said` is the server's own message, printable and short, or empty. */
export function describeStatus(provider: string, status: number, said: string): string {
  const words = said === '' ? '' : `, ${said}`;
  if (status === 401) return `${provider} refused the token (401${words}): it is wrong, expired or revoked`;
  return `${provider} answered ${status}${said === '' ? '' : ` (${said})`}`;
}

/** Returns the reason of a gap for an answer that is no success. */
export function reasonOfStatus(status: number): GapReason {
  if (DENIED_STATUS.has(status)) return 'denied';
  return status === 429 ? 'rate-limited' : 'provider-error';
}
