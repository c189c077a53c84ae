import type { HOOK_STAGES } from '../flags/verbs.ts';

/** Stages of git that a hook can be installed for. */
export type HookStage = (typeof HOOK_STAGES)[number];

/** Stands in the second line of every script of ours. */
export const HOOK_MARK = '# bowerbird-hook';

/** Name that a hook which was there before gets; our script runs it first. */
export function chainedName(stage: HookStage): string {
  return `${stage}.local`;
}

/** The program that installs the hook: absolute paths. */
export interface HookProgram {
  readonly node: string;
  readonly cli: string;
}

/**
 * Text of the hook script: POSIX sh. It fails when Bowerbird cannot be found: a check that silently does not run is
 * worse than one that stops a commit, and the message says how to go on. `program`: the last resort, for clients that
 * know no PATH; absent where the script is shared with other machines.
 */
export function renderHookScript(stage: HookStage, program?: HookProgram): string {
  return [
    '#!/bin/sh',
    `${HOOK_MARK} 3 (${stage}). "bowerbird hook uninstall" takes it away.`,
    `node=${quote(program?.node ?? '')}`,
    `cli=${quote(program?.cli ?? '')}`,
    // Parts of the shell alone: a client may give a PATH without dirname or cat, and a check must not be lost by that.
    `case $0 in */*) here=\${0%/*} ;; *) here=. ;; esac`,
    ...(stage === 'pre-push' ? PRE_PUSH : PRE_COMMIT),
    '',
  ].join('\n');
}

/** Whether a script is that of this version, whatever machine installed it. */
export function isCurrentScript(text: string, stage: HookStage): boolean {
  const withoutProgram = (script: string): string => script.replace(/^(node|cli)=.*$/gm, '$1=');
  return withoutProgram(text) === withoutProgram(renderHookScript(stage));
}

/** One word of sh. Git for Windows reads paths with slashes. */
function quote(path: string): string {
  const slashed = /^[a-z]:\\/i.test(path) ? path.replaceAll('\\', '/') : path;
  return `'${slashed.replaceAll("'", "'\\''")}'`;
}

/** Clients with windows often start hooks without the user's PATH: then `bowerbird` may be there and `node` not. */
const FIND = [
  'bowerbird=$(command -v bowerbird 2>/dev/null)',
  '[ -n "$bowerbird" ] || { [ -x node_modules/.bin/bowerbird ] && bowerbird=node_modules/.bin/bowerbird; }',
  'run() {',
  '  if [ -n "$bowerbird" ] && command -v node >/dev/null 2>&1; then "$bowerbird" "$@"',
  '  elif [ -x "$node" ] && [ -f "$cli" ]; then "$node" "$cli" "$@"',
  '  elif [ -n "$bowerbird" ]; then "$bowerbird" "$@"',
  '  else',
  '    echo "bowerbird was not found on PATH, in node_modules or at $cli, so this was not checked for secrets." >&2',
  '    echo "Install it as https://github.com/bowerbird-security/bowerbird says and run its hook install again," >&2',
  '    echo "or skip this check once with --no-verify." >&2',
  '    return 1',
  '  fi',
  '}',
];

const PRE_COMMIT = [
  `if [ -x "$here/${chainedName('pre-commit')}" ]; then`,
  `  "$here/${chainedName('pre-commit')}" "$@" || exit $?`,
  'fi',
  ...FIND,
  'run hook run pre-commit',
];

/** Git tells what is pushed on standard input, once: it is kept for both hooks. */
const PRE_PUSH = [
  'refs=',
  'while IFS= read -r ref || [ -n "$ref" ]; do',
  '  refs="$refs$ref',
  '"',
  'done',
  'send() { printf %s "$refs"; }',
  `if [ -x "$here/${chainedName('pre-push')}" ]; then`,
  `  send | "$here/${chainedName('pre-push')}" "$@" || exit $?`,
  'fi',
  ...FIND,
  'send | run hook run pre-push "$@"',
];
