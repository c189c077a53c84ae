import type { HOOK_STAGES } from '../flags/verbs.ts';

/** Stages of git that a hook can be installed for. */
export type HookStage = (typeof HOOK_STAGES)[number];

/** Stands in the second line of every script of ours. */
export const HOOK_MARK = '# bowerbird-hook';

/** Name that a hook which was there before gets; our script runs it first. */
export function chainedName(stage: HookStage): string {
  return `${stage}.local`;
}

/**
 * Text of the hook script: POSIX sh, the same on every machine, so that installing twice changes nothing. It fails when
 * Bowerbird cannot be found: a check that silently does not run is worse than one that stops a commit, and the message says
 * how to go on.
 */
export function renderHookScript(stage: HookStage): string {
  return [
    '#!/bin/sh',
    `${HOOK_MARK} 1 (${stage}). "bowerbird hook uninstall" takes it away.`,
    'here=$(dirname -- "$0")',
    ...(stage === 'pre-push' ? PRE_PUSH : PRE_COMMIT),
    '',
  ].join('\n');
}

const FIND = [
  'bowerbird=$(command -v bowerbird 2>/dev/null)',
  '[ -n "$bowerbird" ] || { [ -x node_modules/.bin/bowerbird ] && bowerbird=node_modules/.bin/bowerbird; }',
  'if [ -z "$bowerbird" ]; then',
  '  echo "bowerbird was not found on PATH or in node_modules, so this was not checked for secrets." >&2',
  '  echo "Install it (npm install --save-dev bowerbird), or skip this check once with --no-verify." >&2',
  '  exit 1',
  'fi',
];

const PRE_COMMIT = [
  `if [ -x "$here/${chainedName('pre-commit')}" ]; then`,
  `  "$here/${chainedName('pre-commit')}" "$@" || exit $?`,
  'fi',
  ...FIND,
  'exec "$bowerbird" hook run pre-commit',
];

/** Git tells what is pushed on standard input, once: it is kept for both hooks. */
const PRE_PUSH = [
  'refs=$(cat)',
  'send() { [ -z "$refs" ] || printf \'%s\\n\' "$refs"; }',
  `if [ -x "$here/${chainedName('pre-push')}" ]; then`,
  `  send | "$here/${chainedName('pre-push')}" "$@" || exit $?`,
  'fi',
  ...FIND,
  'send | "$bowerbird" hook run pre-push "$@"',
];
