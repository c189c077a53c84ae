/** Event payloads as GitHub sends them, cut to the parts that matter, with hostile text where anyone could write it. */

export const BASE = 'b'.repeat(40);
export const HEAD = 'a'.repeat(40);
export const BEFORE = 'c'.repeat(40);
export const AFTER = 'd'.repeat(40);
export const ZERO = '0'.repeat(40);

export const REPOSITORY = { full_name: 'acme/shop', default_branch: 'main', private: true, visibility: 'private' };

export const PULL_REQUEST = {
  action: 'synchronize',
  number: 7,
  pull_request: {
    number: 7,
    title: '"; rm -rf / #\n::error::x',
    commits: 3,
    base: { sha: BASE, ref: 'main', repo: { full_name: 'acme/shop' } },
    head: { sha: HEAD, ref: '--upload-pack=evil', repo: { full_name: 'acme/shop' } },
  },
  repository: REPOSITORY,
};

export const FORK_PULL_REQUEST = {
  ...PULL_REQUEST,
  pull_request: {
    ...PULL_REQUEST.pull_request,
    head: { ...PULL_REQUEST.pull_request.head, repo: { full_name: 'mallory/shop' } },
  },
};

export const MERGE_GROUP = {
  action: 'checks_requested',
  merge_group: { base_sha: BASE, head_sha: HEAD, head_ref: 'refs/heads/gh-readonly-queue/main/pr-7' },
  repository: REPOSITORY,
};

export const PUSH = { before: BEFORE, after: AFTER, deleted: false, forced: false, repository: REPOSITORY };

export function environment(name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    GITHUB_EVENT_NAME: name,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REF: 'refs/heads/topic',
    GITHUB_SHA: AFTER,
    ...more,
  };
}
