/** The only way to reach a network. */
export interface Network {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** Everything that a client may know about the world. The context of a collector is one. */
export interface ClientContext {
  readonly now: Date;
  readonly limits: { readonly requestTimeout: number };
  readonly signal?: AbortSignal;
  /** `max-wait`: seconds for rate limits in the whole run. `retry-delay`: milliseconds before the first retry. */
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
  /** Resolves after `ms`; tests replace it. */
  sleep(ms: number): Promise<void>;
  /** Milliseconds of a clock that only goes forward. Without it, every wait for a limit is taken in full. */
  clock?(): number;
}
