import { defined } from '../lib/fields/defined.ts';
import { UsageError } from '../model/errors.ts';
import { type ActionEvent, isZero } from './event.ts';
import type { ActionInputs } from './inputs.ts';

/** A commit that the scan needs, and how to get it where the checkout lacks it. */
export interface WantedCommit {
  /** What to ask the remote for: a full id, or a ref. */
  readonly ask: string;
  /** Second way, where the remote does not give out the id. */
  readonly orAsk?: string;
  /** What it is called here afterwards. */
  readonly name: string;
  /** Commits to fetch from it backwards. */
  readonly depth: number;
}

/** The two ends of a range. Of the bases the first that can be had is taken. */
export interface PlannedRange {
  readonly bases: readonly WantedCommit[];
  readonly head: WantedCommit;
}

/** What an event asks for, before anything is read or fetched. */
export interface ActionPlan {
  /** `nothing`: there is nothing that could hold a secret (a deleted branch). */
  readonly kind: 'range' | 'targets' | 'nothing';
  readonly range?: PlannedRange;
  readonly targets: readonly string[];
  /** Commit whose configuration and ignore file count. It is fetched like a base. */
  readonly policy?: WantedCommit;
  /** The whole history is wanted: a shallow clone is completed first. */
  readonly unshallow: boolean;
  /** Whether the files on disk are those of the code under test. */
  readonly treeIsHead: boolean;
  /** Why SARIF cannot be uploaded for this event; absent: it can. */
  readonly noUpload?: string;
  readonly notes: readonly string[];
}

const TREE = '.';
/** The target that reads the whole history. */
export const HISTORY = 'git:.';

/** Decides what to scan. Throws `UsageError` for an event or a mode that names no range. */
export function planFromEvent(event: ActionEvent, inputs: Pick<ActionInputs, 'scan'>): ActionPlan {
  if (inputs.scan === 'tree' || inputs.scan === 'history') return planWhole(event, inputs.scan);
  switch (event.name) {
    case 'pull_request':
    case 'pull_request_target':
    case 'pull_request_review':
      return planPullRequest(event);
    case 'merge_group':
      return planMergeGroup(event);
    case 'push':
      return planPush(event);
    default:
      return planOther(event, inputs.scan);
  }
}

function commit(sha: string, depth: number, orAsk?: string): WantedCommit {
  return { ask: sha, name: sha, depth, ...defined({ orAsk }) };
}

/** Everything is read, but what may be ignored is still decided by the base of a pull request. */
function planWhole(event: ActionEvent, mode: 'tree' | 'history'): ActionPlan {
  const { pullRequest } = event;
  const onHead = event.name !== 'pull_request_target';
  const notes = onHead ? [] : ['pull_request_target has the base checked out: its tree was scanned, not the head.'];
  return {
    kind: 'targets',
    targets: mode === 'tree' ? [TREE] : [TREE, HISTORY],
    unshallow: mode === 'history',
    treeIsHead: onHead,
    notes,
    ...(pullRequest === undefined ? {} : { policy: commit(pullRequest.base, 1) }),
    ...uploadBar(event),
  };
}

/**
 * Every commit between merge base and head, not just the net change: a secret that was added and removed is public too.
 */
function planPullRequest(event: ActionEvent): ActionPlan {
  const { pullRequest } = event;
  if (pullRequest === undefined) {
    throw new UsageError(`The ${event.name} event has no base and head commit, so there is no range to scan.`);
  }
  const { base, head, commits, number } = pullRequest;
  const onHead = event.name === 'pull_request';
  return {
    kind: 'range',
    range: { bases: [commit(base, 1)], head: commit(head, commits + 1, `refs/pull/${number}/head`) },
    targets: [],
    policy: commit(base, 1),
    unshallow: false,
    treeIsHead: onHead,
    notes: onHead ? [] : ['The head was read as git objects; nothing of it was checked out or run.'],
    ...uploadBar(event),
  };
}

function planMergeGroup(event: ActionEvent): ActionPlan {
  const { before, after } = event;
  if (before === undefined || after === undefined) {
    throw new UsageError('The merge_group event has no base_sha and head_sha, so there is no range to scan.');
  }
  return {
    kind: 'range',
    range: { bases: [commit(before, 1)], head: commit(after, 1) },
    targets: [],
    policy: commit(before, 1),
    unshallow: false,
    treeIsHead: true,
    notes: [],
    ...uploadBar(event),
  };
}

function planPush(event: ActionEvent): ActionPlan {
  const after = event.after ?? event.sha;
  if (event.deleted || isZero(after)) {
    const notes = ['The push deletes a branch or tag: it adds nothing that could be scanned.'];
    return {
      kind: 'nothing',
      targets: [],
      unshallow: false,
      treeIsHead: false,
      notes,
      noUpload: 'nothing was scanned',
    };
  }
  const bases = pushBases(event);
  if (bases.length === 0) {
    const notes = ['This is the first push of the default branch: its whole history is new.'];
    return { kind: 'targets', targets: [TREE, HISTORY], unshallow: true, treeIsHead: true, notes };
  }
  const range = { bases, head: commit(after, 1) };
  return { kind: 'range', range, targets: [], unshallow: false, treeIsHead: true, notes: [], ...uploadBar(event) };
}

/** The state before the push; where that is unknown or was thrown away by a forced push, the default branch. */
function pushBases({ before, defaultBranch, ref }: ActionEvent): WantedCommit[] {
  const bases: WantedCommit[] = [];
  if (before !== undefined && !isZero(before)) bases.push(commit(before, 1));
  if (defaultBranch !== undefined && ref !== `refs/heads/${defaultBranch}` && isRefName(defaultBranch)) {
    bases.push({ ask: `refs/heads/${defaultBranch}`, name: `refs/remotes/origin/${defaultBranch}`, depth: 1 });
  }
  return bases;
}

/** Git's own rules for names, but for the ones that need its parser; a leading hyphen would be an option. */
function isRefName(name: string): boolean {
  return !/^[-/.]|\.\.|[\u0000-\u0020\u007f~^:?*[\\]|@\{|\/$|\.$|\.lock$|\/\//.test(name);
}

function planOther(event: ActionEvent, mode: 'auto' | 'changes'): ActionPlan {
  if (mode === 'changes') {
    throw new UsageError(
      `Input "scan" is "changes", but the event ${event.name || '(none)'} has no range. Write tree, history or auto.`,
    );
  }
  return planWhole(event, 'history');
}

function uploadBar(event: ActionEvent): { readonly noUpload?: string } {
  const reason = noUploadReason(event);
  return defined({ noUpload: reason });
}

function noUploadReason(event: ActionEvent): string | undefined {
  switch (event.name) {
    case 'merge_group':
      return 'the branch of a merge queue is gone before code scanning has read the results';
    case 'pull_request_target':
    case 'pull_request_review':
      return `the event ${event.name} does not run on the commit that was scanned`;
    default:
      return event.pullRequest?.fork === true ? 'the token of a pull request from a fork cannot write' : undefined;
  }
}
