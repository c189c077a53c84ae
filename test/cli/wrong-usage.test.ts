import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess } from './memory-io.ts';
import { makeFolder } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

/** What is written, and what the message has to say. */
type Case = readonly [args: readonly string[], message: RegExp];

/** Run in processes of their own. */
const BUILT: readonly Case[] = [
  [
    ['scan', 'https://github.com/acme/shop'],
    /fetches no repository.*git clone https:\/\/github\.com\/acme\/shop shop.*"github:acme"/,
  ],
  [
    ['scan', '--format', 'json'],
    /"bowerbird scan" has no flag "--format"\. Write --report <format>, for example --report json/,
  ],
  [['scan', '--report', 'csv=-'], /for standard output write --report csv\.$/m],
  [['scan', '--report', 'json=a=b'], /one flag is one report.*\.\/a=b/],
  [['scan', 'missing/*.tf'], /No file or folder matches "missing\/\*\.tf"/],
  [['detect'], /no command "detect"\. Write "bowerbird scan git:\."/],
  [['scan', '--threds', '2'], /no flag "--threds" \(did you mean "--threads"\?\)/],
  [['scan', 'nowhere'], /nowhere does not exist/],
  [['scan', '--range', 'nope...HEAD'], /no commit "nope"/],
  [['scan', '--only', 'github-pat-clasic'], /Unknown rule "github-pat-clasic" \(did you mean "github-pat-classic"/],
  [
    ['scan', '--report', 'json=none/out.json'],
    /none\/out\.json cannot be written \(ENOENT\)\. Make the folder none first/,
  ],
  [['scan', '--staged', '--range', 'a...b'], /exclude each other/],
];

/** Run through the function that the built file calls. */
const CASES: readonly Case[] = [
  // Commands.
  [['protect'], /Write "bowerbird scan --staged"/],
  [['filesystem'], /Write "bowerbird scan <folder>"/],
  [['git'], /Write "bowerbird scan git:<folder>"/],
  [['dir'], /Write "bowerbird scan <folder>"/],
  [['stdin'], /Write "bowerbird scan -"/],
  [['version'], /Write "bowerbird --version"/],
  [['inventry'], /did you mean "inventory"/],
  [['frobnicate'], /Write one of: scan, inventory, rules/],
  [['./src'], /Write "bowerbird scan \.\/src"/],
  [['git:.'], /Write "bowerbird scan git:\."/],
  [['rules', 'lst'], /no command "rules lst" \(did you mean "list"/],
  [['hook', 'remove'], /no command "hook remove"\. Write one of: install, uninstall, status, run/],
  // Flags.
  [['--json'], /"bowerbird" has no flag "--json"\. Write the command first/],
  [['scan', '--sarif'], /Write --report sarif/],
  [['scan', '-o', 'x.json'], /Write --report <format>=<file>/],
  [['scan', '--source', '.'], /Write what to scan without a flag/],
  [['scan', '--log-opts', '--all'], /Write --range/],
  [['scan', '--only-verified'], /Nothing is verified unless you write --verify/],
  [['scan', '--redact'], /always redacted/],
  [['scan', '--no-git'], /"bowerbird scan \."/],
  [['inventory', '--jsn'], /did you mean "--json"/],
  [['doctor', '--frobnicate'], /"bowerbird doctor --help" lists them/],
  [['scan', '--json=true'], /--json takes no value\. Write --json alone/],
  [['scan', '--report'], /--report needs a value\. Write --report <format=file>/],
  [['scan', '--report', '--json'], /--report needs a value, and "--json" is a flag/],
  [['scan', '--exclude', '-q'], /--exclude needs a value, and "-q" is a flag/],
  [['scan', '--only', ''], /--only is empty/],
  [['scan', '--range', ''], /--range is empty/],
  // Values.
  [['scan', '--allow-gaps', 'many'], /--allow-gaps is "many"\. Write a whole number/],
  [['scan', '--allow-gaps', '-1'], /--allow-gaps is "-1"\. Write a whole number/],
  [['scan', '--allow-gaps', '1.5'], /Write a whole number/],
  [['scan', '--threads', '0'], /from 1 to 64/],
  [['scan', '--threads', '65'], /from 1 to 64/],
  [['scan', '--max-file-size', 'huge'], /for example 500MB/],
  [['scan', '--fail-on', 'hihg'], /did you mean "high"\?\)\. Write one of: low, medium, high, critical/],
  [['scan', '--exposure', 'everyone'], /Write one of: public, organisation/],
  [['scan', '--reader', 'git'], /Write one of: pack, cat-file/],
  [['hook', 'run', 'pre-commit', '--time-limit', 'soon'], /--time-limit is "soon"/],
  [['hook', 'run', 'pre-comit'], /did you mean "pre-commit"/],
  [['completion', 'tcsh'], /Write one of: bash, zsh, fish, powershell/],
  // Reports.
  [['scan', '--report', 'jsn'], /did you mean "json"/],
  [['scan', '--report', 'JSON'], /Write --report json/],
  [['scan', '--report', 'table'], /Write --report human/],
  [['scan', '--report', 'pdf=x.pdf'], /no report format "pdf".*Known: .*sarif/],
  [['scan', '--report', 'out.sarif'], /Write --report sarif=out\.sarif|write --report sarif=out\.sarif/],
  [['scan', '--report', 'sarif='], /write <format>=<file>/],
  [['scan', '--report', '=out'], /write <format>=<file>/],
  [['scan', '--report', 'json', '--report', 'csv'], /Write --report csv=<file> for the second/],
  [['scan', '--report', 'json=x', '--report', 'csv=x'], /Two reports go to x/],
  // Targets.
  [['scan', ''], /A target is empty/],
  [['scan', 'git@github.com:acme/shop.git'], /git clone git@github\.com:acme\/shop\.git shop/],
  [['scan', 'https://user:word@host.example/a.git'], /git clone https:\/\/host\.example\/a\.git a/],
  [['scan', 'docker://image'], /no collector "docker".*Known: .*"\.\/docker:\/\/image"/],
  [['scan', 'file:///srv/a'], /"git:\/srv\/a"/],
  [['scan', 'gti:.'], /Did you mean "git:\."/],
  [['scan', 'gitlab:acme'], /no collector "gitlab".*Known: .*github.*"\.\/gitlab:acme"/],
  [['scan', '*.tf'], /No file or folder matches "\*\.tf"/],
  [['scan', 'git:mirrors/*'], /No file or folder matches "mirrors\/\*"/],
  [['scan', 'dump:nowhere'], /dump\.json cannot be read/],
  [['doctor', 'gitub'], /did you mean "github"/],
  [['doctor', 'git', 'github'], /too many words behind "bowerbird doctor"/],
  // Combinations that would do nothing.
  [['scan', '.', '--incremental'], /--incremental reads what is new in a history.*git:\./],
  [['scan', '.', '--state', 'x'], /--state remembers.*git:\./],
  [['scan', '.', '--occurrences', 'all'], /--occurrences speaks of a history/],
  [['scan', '.', '--record', 'x'], /--record saves answers of an API/],
  [['scan', '--config', 'a', '--no-config'], /--config and --no-config exclude each other/],
  [['scan', '--no-config', '--config', 'a'], /--config and --no-config exclude each other/],
  // Policy.
  [['scan', '--pack', 'defualt'], /did you mean "default"/],
  [['scan', '--baseline', 'none.txt'], /baseline none\.txt does not exist/],
  [['scan', '--config', 'none.yaml'], /none\.yaml: no such file/],
  [['scan', '--rules', 'none'], /--rules none: no such/],
  [['scan', '--rules', 'none/*.yaml'], /No file or folder matches "none\/\*\.yaml"/],
  [['scan', '--policy-ref', 'nope'], /there is no such commit here/],
  [['scan', '--exclude', '[a'], /glob has a "\["/],
  [['baseline', '--output', 'none/x'], /none\/x cannot be written/],
  // Other commands.
  [['ignore'], /"bowerbird ignore <id\.\.\.>"/],
  [['ignore', 's-1234'], /--reason is missing/],
  [['ignore', 's-1234', '--reason', 'x'], /is no id of a finding/],
  [['ignore', 's-0123456789abcdef0123', '--reason', 'x', '--expires', '2020'], /YYYY-MM-DD/],
  [['explain'], /Write "bowerbird explain <what>"/],
  [['explain', ''], /The text is empty/],
  [['explain', 's-0123456789abcdef0123'], /Name where to look with --in/],
  [['rules', 'show'], /Write "bowerbird rules show <id>"/],
  [['rules', 'show', 'nope'], /Unknown rule "nope"/],
  [['rules', 'lint', 'nope'], /no such file or folder/],
  [['rules', 'list', '--tag', 'clod'], /No rule has the tag "clod" \(did you mean "cloud"/],
];

let folder: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder, remove } = await makeFolder({ 'README.md': '# nothing here\n' }));
  execFileSync('git', ['init', '-q'], { cwd: folder });
});

afterAll(() => remove());

/** What every message has to be. */
function check(
  result: { readonly code: number | null; readonly stdout: string; readonly stderr: string },
  message: RegExp,
): void {
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(/^bowerbird: /);
  expect(result.stderr).not.toMatch(/error:|\n\s+at |this is a bug/);
  expect(result.stderr).toMatch(/\n$/);
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
}

describe('wrong usage is one message in one voice, with what to write instead', () => {
  it.each(BUILT)('%j, as built', async (args, message) => {
    check(await runBowerbird(args, { cwd: folder }), message);
  });

  it.each(CASES)('%j', async (args, message) => {
    check(await runInProcess(args, { cwd: folder }), message);
  });

  it('is tried in more than fifty ways, of which ten run as built', () => {
    expect(CASES.length).toBeGreaterThan(50);
    expect(BUILT.length).toBeGreaterThanOrEqual(10);
  });
});
