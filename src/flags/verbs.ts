import type { Verb, VerbDefinition } from './definition.ts';

/** Stages of git that a hook can be installed for. */
export const HOOK_STAGES = ['pre-commit', 'pre-push'] as const;

/** Shells that `bowerbird completion` writes for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

const TARGETS = { form: '[targets...]', help: 'what to scan; see "Targets" below', suggests: 'target' } as const;

/** What stands above a group of verbs in the help text. */
export const VERB_GROUPS: ReadonlyMap<string, string> = new Map([
  ['rules', 'what is looked for, and whether rule files are right'],
  ['hook', 'git hooks that stop a secret before it is committed or pushed'],
]);

/** Every command, in the order of the help text. */
export const VERBS: Readonly<Record<Verb, VerbDefinition>> = {
  scan: { help: 'find secrets and the identities behind them', takes: [TARGETS] },
  inventory: { help: 'the same scan, identities first', takes: [TARGETS] },
  'rules list': { help: 'every rule, one a line' },
  'rules show': {
    help: 'everything about one rule',
    takes: [{ form: '<id>', help: 'rule id', suggests: 'rule' }],
  },
  'rules test': {
    help: 'run the examples of rules',
    takes: [
      {
        form: '[targets...]',
        help: 'rule ids, rule files or folders; all built-in rules by default',
        suggests: 'rule',
      },
    ],
  },
  'rules lint': {
    help: 'say what is wrong in rule files, with file, line and what to write instead',
    takes: [{ form: '[path]', help: 'rule file or folder; the built-in rules by default', suggests: 'file' }],
  },
  explain: {
    help: 'why something is, or is not, a finding: rules, checks, score, suppression',
    takes: [{ form: '<what>', help: 'id of a finding, a text, or "-" for standard input' }],
  },
  doctor: {
    help: 'what a collector needs, what is missing, and what is lost without it',
    takes: [
      {
        form: '[target]',
        help: 'a collector ("github") or a target to try ("github:acme")',
        suggests: 'collector',
      },
    ],
  },
  ignore: {
    help: 'accept a finding: adds a line to .bowerbirdignore',
    takes: [{ form: '<id...>', help: 'ids of findings, as reports show them' }],
  },
  baseline: { help: 'accept all present findings: writes .bowerbird-baseline', takes: [TARGETS] },
  'hook install': { help: 'install the pre-commit hook; a hook that is there is kept and runs first' },
  'hook uninstall': { help: 'take the hook away, and give a hook that was there before its name back' },
  'hook status': {
    help: 'whether hooks are installed and git really runs them; exit 3 where one of ours does not run',
  },
  'hook run': {
    help: 'what the hook script calls: scan what a commit or push would add, offline',
    takes: [
      { form: '<stage>', help: HOOK_STAGES.join(' or '), choices: HOOK_STAGES },
      { form: '[args...]', help: 'what git gives the hook' },
    ],
  },
  completion: {
    help: 'a script that completes commands, flags and values in your shell',
    takes: [
      { form: '<shell>', help: SHELLS.join(', '), choices: SHELLS },
      { form: '[words...]', help: 'what the script calls: the words so far, the last one unfinished' },
    ],
  },
};
