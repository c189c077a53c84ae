import type { FlagDefinition } from './definition.ts';
import { SCANS } from './scans.ts';

const POLICY = 'Rules and policy:';
const VERDICT = 'What counts:';

/** Which rules and whose policy count, and what of it decides the exit code. */
export const JUDGING_FLAGS = [
  {
    name: 'config',
    verbs: SCANS,
    kind: 'text',
    value: '<file>',
    help: 'configuration file (default: .bowerbird.yaml at the top of the repository)',
    off: 'no configuration, ignore file or user rules',
    group: POLICY,
    suggests: 'file',
    input: {
      name: 'config',
      help: 'Configuration file, relative to the path. On pull requests it is read from the base commit. Default ".bowerbird.yaml".',
    },
  },
  {
    name: 'policy-ref',
    verbs: SCANS,
    kind: 'text',
    value: '<commit>',
    help: 'read configuration and ignore file from this commit, and ignore inline comments',
    group: POLICY,
  },
  {
    name: 'rules',
    verbs: SCANS,
    kind: 'list',
    value: '<folder>',
    help: 'further rule files; repeatable',
    group: POLICY,
    suggests: 'folder',
  },
  {
    name: 'pack',
    verbs: SCANS,
    kind: 'text',
    value: '<name>',
    help: 'rule pack: default, hook (no low confidence), strict (high confidence only), pedantic, auditor',
    group: POLICY,
    suggests: 'pack',
    input: {
      name: 'pack',
      help: 'Rule pack: default, hook (no rule of low confidence), strict (high confidence only), pedantic (also good practice that seldom does harm) or auditor (all that a review wants to see).',
    },
  },
  {
    name: 'only',
    verbs: SCANS,
    kind: 'list',
    value: '<rule>',
    help: 'only this rule; repeatable',
    group: POLICY,
    suggests: 'rule',
  },
  {
    name: 'except',
    verbs: SCANS,
    kind: 'list',
    value: '<rule>',
    help: 'without this rule; repeatable',
    group: POLICY,
    suggests: 'rule',
  },
  {
    name: 'baseline',
    verbs: SCANS,
    kind: 'text',
    value: '<file>',
    help: "accept what this baseline lists (ours, gitleaks' or detect-secrets')",
    group: POLICY,
    suggests: 'file',
    input: {
      name: 'baseline',
      help: 'File with accepted findings (ours, of gitleaks or of detect-secrets). On pull requests it is read from the base commit.',
    },
  },
  {
    name: 'fail-on',
    verbs: SCANS,
    kind: 'choice',
    value: '<severity>',
    choices: ['low', 'medium', 'high', 'critical'],
    help: 'exit 1 from this severity on',
    group: VERDICT,
    input: {
      name: 'fail-on',
      alsoChoices: ['never'],
      help: 'Findings from this severity on fail the step: low, medium, high or critical; "never": findings do not fail it, an incomplete scan still does. Default: the configuration\'s value.',
    },
  },
  {
    name: 'allow-gaps',
    verbs: SCANS,
    kind: 'count',
    value: '<n>',
    help: 'gaps that do not make the run incomplete (default: 0)',
    group: VERDICT,
    input: {
      name: 'allow-gaps',
      help: 'How many things that should have been read may be missing before the step fails as incomplete (exit code 3).',
    },
  },
  {
    name: 'require-coverage',
    verbs: SCANS,
    kind: 'switch',
    help: 'exit 3 on any gap, even with findings or an allowed budget',
    group: VERDICT,
    input: { name: 'require-coverage', help: 'Fail with exit code 3 on any gap, also when there are findings.' },
  },
  {
    name: 'exposure',
    verbs: SCANS,
    kind: 'choice',
    value: '<who>',
    choices: ['public', 'organisation', 'private', 'local', 'unknown'],
    help: 'who can read what is scanned',
    group: VERDICT,
  },
  {
    name: 'verify',
    verbs: SCANS,
    kind: 'switch',
    help: 'ask the providers whether secrets are live (off by default: nothing leaves this machine)',
    group: VERDICT,
    input: {
      name: 'verify',
      help: 'Ask providers whether secrets are live. Sends each secret to the provider that issued it, and to nobody else.',
    },
  },
] as const satisfies readonly FlagDefinition[];
