import { defined } from '../lib/fields/defined.ts';
import type { Exposure } from '../model/artifact.ts';
import type { Environment } from './inputs.ts';

/** A pull request as its event tells it. */
export interface PullRequest {
  readonly number: number;
  readonly base: string;
  readonly head: string;
  readonly commits: number;
  /** From another repository: the token of the run cannot write. */
  readonly fork: boolean;
}

/** The event that started the workflow, as far as the action needs it. */
export interface ActionEvent {
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly ref: string;
  readonly sha: string;
  readonly defaultBranch?: string;
  readonly exposure?: Exposure;
  readonly pullRequest?: PullRequest;
  /** `push` and `merge_group`: both ends. Zeros mean "there was none". */
  readonly before?: string;
  readonly after?: string;
  readonly deleted: boolean;
}

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Reads the event from the environment and the payload. The payload holds text that anyone can write (branch names,
 * titles): only ids of the right form are taken from it, everything else is left.
 */
export function readEvent(env: Environment, payload: unknown): ActionEvent {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const pullRequest = readPullRequest(payload);
  const group = name === 'merge_group';
  const before = readSha(payload, group ? ['merge_group', 'base_sha'] : ['before']);
  const after = readSha(payload, group ? ['merge_group', 'head_sha'] : ['after']);
  const branch = readText(payload, ['repository', 'default_branch']);
  const exposure = readExposure(payload);
  return {
    name,
    repository: env['GITHUB_REPOSITORY'] ?? '',
    ref: env['GITHUB_REF'] ?? '',
    sha: env['GITHUB_SHA'] ?? '',
    deleted: readPath(payload, ['deleted']) === true,
    ...defined({ defaultBranch: branch, exposure, pullRequest, before, after }),
  };
}

/** True for the id that git uses for "no commit". */
export function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}

function readPullRequest(payload: unknown): PullRequest | undefined {
  const base = readSha(payload, ['pull_request', 'base', 'sha']);
  const head = readSha(payload, ['pull_request', 'head', 'sha']);
  const number = readPath(payload, ['pull_request', 'number']);
  if (base === undefined || head === undefined || !isCount(number)) return undefined;
  const commits = readPath(payload, ['pull_request', 'commits']);
  const own = readPath(payload, ['pull_request', 'base', 'repo', 'full_name']);
  // The head repository is null once it is deleted: then it was another one.
  const other = readPath(payload, ['pull_request', 'head', 'repo', 'full_name']);
  return { number, base, head, commits: isCount(commits) ? commits : 1, fork: own === undefined || own !== other };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function readExposure(payload: unknown): Exposure | undefined {
  const visibility = readText(payload, ['repository', 'visibility']);
  if (visibility === 'public') return 'public';
  if (visibility === 'internal') return 'organisation';
  if (visibility === 'private' || readPath(payload, ['repository', 'private']) === true) return 'private';
  return readPath(payload, ['repository', 'private']) === false ? 'public' : undefined;
}

function readSha(payload: unknown, path: readonly string[]): string | undefined {
  const value = readText(payload, path);
  return value !== undefined && SHA.test(value) ? value : undefined;
}

function readText(payload: unknown, path: readonly string[]): string | undefined {
  const value = readPath(payload, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readPath(payload: unknown, path: readonly string[]): unknown {
  let value = payload;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
