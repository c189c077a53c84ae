import { type Environment, findGit, gitEnvironment } from './environment.ts';

const DEFAULT_IDLE = 120_000;

/** Where git runs, and how. A plain value without a process. */
export interface Git {
  readonly executable: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long git may print nothing while somebody waits for it, in ms. */
  readonly idle: number;
  readonly signal?: AbortSignal;
}

export interface OpenOptions {
  readonly directory: string;
  readonly env: Environment;
  /** Keeps GIT_DIR, GIT_INDEX_FILE and the like. Right in a hook, wrong for a folder that the user named. */
  readonly location: boolean;
  readonly network?: boolean;
  readonly idle?: number;
  readonly signal?: AbortSignal;
}

/**
 * Finds git and sets up its environment.
 * @throws GitError `git-missing`
 */
export function openGit(options: OpenOptions): Git {
  return {
    executable: findGit(options.env),
    directory: options.directory,
    env: gitEnvironment(options.env, { location: options.location, network: options.network ?? false }),
    idle: options.idle ?? DEFAULT_IDLE,
    ...(options.signal ? { signal: options.signal } : {}),
  };
}
