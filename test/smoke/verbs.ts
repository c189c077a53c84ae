/** One start of the command line. */
export interface Start {
  readonly args: readonly string[];
  readonly code: number;
  /** Where it runs. */
  readonly in: 'repository' | 'shallow' | 'clean';
  readonly input?: string;
  /** What its output must hold. */
  readonly says: RegExp;
  /** Only from an installed release: the short form takes one start of each verb. */
  readonly thorough?: true;
}

const HELD = /GitHub personal access token/;
const IGNORED = 's-00000000000000000000';

function start(line: string, code: number, says: RegExp, more: Partial<Start> = {}): Start {
  return { args: line.split(' '), code, says, in: 'repository', ...more };
}

function thorough(line: string, code: number, says: RegExp, more: Partial<Start> = {}): Start {
  return start(line, code, says, { ...more, thorough: true });
}

/** Every verb with its usual flags. A verb or a flag that `--help` lists and nothing here starts fails the test. */
export const VERBS: Readonly<Record<string, readonly Start[]>> = {
  scan: [
    start('scan .', 1, HELD),
    thorough('scan --staged', 1, HELD),
    thorough('scan --range main...topic --policy-ref main', 1, /new\.env/),
    start('scan git:. --incremental --no-progress', 1, HELD),
    thorough('scan -', 1, HELD, { input: 'token' }),
    start('scan .', 0, /Clean/, { in: 'clean' }),
    thorough('scan . -q', 1, /^$/),
    thorough('scan . --json --no-config', 1, /"schemaVersion"/),
    thorough('scan . -v --color', 1, HELD),
    thorough('scan . --quiet --report json=out.json', 1, /^$/),
    thorough('scan . --no-color --exclude *.js --include-ignored --max-file-size 1MB', 1, HELD),
    thorough('scan git:. --occurrences all', 1, HELD),
    thorough('scan git:. --state state.json', 1, HELD),
    thorough('scan git:. --reader cat-file --full-blobs --threads 2', 1, HELD),
    thorough('scan --range origin/main...origin/topic --deepen', 1, HELD, { in: 'shallow' }),
    thorough('scan . --pack strict --only github-pat-classic --exposure public', 1, HELD),
    thorough('scan . --except github-pat-classic', 1, /workflow/i),
    thorough('scan . --fail-on critical --allow-gaps 1 --require-coverage', 0, HELD),
    thorough('scan . --config missing.yaml', 2, /missing\.yaml/),
    thorough('scan . --rules missing', 2, /missing/),
    thorough('scan . --baseline missing.json', 2, /missing\.json/),
    thorough('scan . --verbose', 1, HELD),
    thorough('scan . --record recorded', 2, /no target is one/),
  ],
  inventory: [start('inventory .', 1, /GITHUB_TOKEN|workflow/i)],
  'rules list': [start('rules list', 0, /github-pat-classic/), thorough('rules list --pack hook --json', 0, /"id"/)],
  'rules show': [
    start('rules show github-pat-classic', 0, HELD),
    thorough('rules show github-pat-classic --json', 0, /"id"/),
  ],
  'rules test': [
    start('rules test github-pat-classic', 0, /pass|right|ok/i),
    thorough('rules test github-pat-classic --json', 0, /"/),
  ],
  'rules lint': [
    start('rules lint', 0, /./, { in: 'clean' }),
    thorough('rules lint --json', 0, /\{|\[/, { in: 'clean' }),
  ],
  explain: [
    start('explain -', 0, /github-pat-classic: FINDING/, { input: 'token' }),
    thorough('explain - --path src/a.js --json', 0, /"/, { input: 'token' }),
    thorough(`explain ${IGNORED} --in .`, 2, /s-0000/),
  ],
  doctor: [start('doctor', 0, /git/), thorough('doctor github --json', 0, /"/)],
  ignore: [
    start(`ignore ${IGNORED} --reason sample --owner me --expires 2099-01-31`, 0, /\.bowerbirdignore/),
    start(`ignore ${IGNORED} --remove`, 0, /\.bowerbirdignore/),
  ],
  baseline: [start('baseline . --output base.json', 0, /base\.json/)],
  completion: [start('completion bash', 0, /complete/), thorough('completion powershell', 0, /Register/)],
  'hook install': [start('hook install', 0, /Installed/), thorough('hook install --pre-push --force', 0, /Installed/)],
  'hook status': [start('hook status', 0, /installed/)],
  'hook run': [start('hook run pre-commit --time-limit 30', 1, HELD)],
  'hook uninstall': [start('hook uninstall', 0, /Removed/), thorough('hook uninstall --pre-push', 0, /Removed/)],
};

/** Flags that nothing here uses, with the reason. */
export const UNUSED_FLAGS: Readonly<Record<string, string>> = {
  '--verify': 'needs the network',
  '--show-secrets': 'every start here is checked to print none',
  '--tag': 'no rule has a tag that every release keeps',
  '--help': 'asked of every verb to find its flags',
  '--version': 'started on its own',
};
