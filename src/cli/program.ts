import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CliIo } from './io.ts';

const SEVERITIES = ['low', 'medium', 'high', 'critical'];
const EXPOSURES = ['public', 'organisation', 'private', 'local', 'unknown'];

const SCAN_HELP = `
Targets (default "."):
  .  or a path           files: tracked and untracked, minus ignored
  git:<folder>           whole history: every ref, and objects that no ref reaches
  github:<org>           a GitHub organisation's apps, keys, hooks, secrets metadata (GITHUB_TOKEN)
  dump:<folder>          recorded API answers instead of the API
  -                      standard input

Configuration (.bowerbird.yaml, .bowerbirdignore, .bowerbird-baseline, .bowerbird/rules) is read at the top of the
repository that the targets lie in, also from a subfolder; paths in reports begin there. Outside a repository it is read in
the working directory. Files that flags name are relative to the working directory.

Exit codes:
  0  nothing found, everything that was planned was scanned
  1  findings at or above --fail-on
  2  wrong usage or configuration
  3  incomplete: nothing was scanned, or something that should have been was not
  70 a bug in bowerbird

Examples:
  bowerbird scan .
  bowerbird scan git:. --report sarif=bowerbird.sarif
  bowerbird scan git:. --incremental
  bowerbird scan --staged
  bowerbird scan --range origin/main...HEAD --policy-ref origin/main
  bowerbird scan . github:acme --report json=report.json`;

/** Adds everything that `scan` and `inventory` share. */
export function addScanOptions(command: Command): Command {
  return command
    .argument('[targets...]', 'what to scan; see "Targets" below')
    .option('--staged', 'what this commit would add (index blobs, never files on disk)')
    .option('--range <A...B>', 'what a pull request adds, merge results included')
    .option('--report <format=file>', 'write a report; repeatable; without "=file" to standard output', collect)
    .option('--json', 'short for --report json')
    .option('-q, --quiet', 'nothing on standard output but reports that were asked for')
    .option('-v, --verbose', 'every location, factor and check')
    .option('--color', 'colours even where the output is no terminal')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--no-progress', 'no progress line')
    .option('--config <file>', 'configuration file (default: .bowerbird.yaml at the top of the repository)')
    .option('--no-config', 'no configuration, ignore file or user rules')
    .option('--policy-ref <commit>', 'read configuration and ignore file from this commit, and ignore inline comments')
    .option('--rules <folder>', 'further rule files; repeatable', collect)
    .option('--pack <name>', 'rule pack: default, strict, hook')
    .option('--only <rule>', 'only this rule; repeatable', collect)
    .option('--except <rule>', 'without this rule; repeatable', collect)
    .option('--exclude <glob>', 'leave paths out on purpose; repeatable', collect)
    .option('--baseline <file>', "accept what this baseline lists (ours, gitleaks' or detect-secrets')")
    .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(SEVERITIES))
    .option('--allow-gaps <n>', 'gaps that do not make the run incomplete (default 0)', parseCount)
    .option('--require-coverage', 'exit 3 on any gap, even with findings or an allowed budget')
    .addOption(new Option('--exposure <who>', 'who can read what is scanned').choices(EXPOSURES))
    .option('--verify', 'ask the providers whether secrets are live (off by default: nothing leaves this machine)')
    .option('--show-secrets', 'print raw values; only on your own terminal')
    .option('--max-file-size <size>', 'scan files up to this size, for example 500MB (default 100MB)', parseSize)
    .option('--include-ignored', 'also files that git ignores')
    .option('--record <folder>', 'save API answers for "dump:<folder>" (secrets removed)')
    .addOption(
      new Option('--occurrences <which>', 'of a secret in history: where it was found, or all commits').choices([
        'found',
        'all',
      ]),
    )
    .option('--incremental', 'of a history read only what is new since the last complete scan; lists all findings')
    .option('--state <file>', 'incremental, with the state in this file (default: in the git directory)')
    .option('--deepen', 'fetch missing history of a shallow clone')
    .addOption(new Option('--reader <how>', 'how history is read').choices(['pack', 'cat-file']))
    .option('--full-blobs', 'scan every blob whole, not only what changed')
    .option(
      '--threads <n>',
      'threads that scan, 1 to 64; the result is the same (default: as many as pay, at most 4)',
      parseThreads,
    )
    .addOption(new Option('--engine <name>', 'detection engine').choices(['fast', 'reference']).hideHelp())
    .addHelpText('after', SCAN_HELP);
}

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A whole number of zero or more. */
export function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number, for example 3.');
}

/** A number of threads. Each takes memory, so there is an end to them. */
export function parseThreads(text: string): number {
  const count = Number(text);
  if (/^\d{1,2}$/.test(text) && count >= 1 && count <= 64) return count;
  throw new InvalidArgumentError('Write a number from 1 to 64.');
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** A size in bytes: `500MB`, `1.5GB`, `4096`. */
export function parseSize(text: string): number {
  const found = /^(\d{1,12}(?:\.\d{1,3})?)\s*([kmg]?b?)$/i.exec(text);
  const unit = (found?.[2] ?? '').toLowerCase();
  const factor = UNITS[/^[kmg]$/.test(unit) ? `${unit}b` : unit];
  if (found === null || factor === undefined) throw new InvalidArgumentError('Write a size, for example 500MB.');
  return Math.floor(Number(found[1]) * factor);
}

/** A command whose messages go through `io` and that throws instead of ending the process. */
export function createCommand(name: string, io: CliIo): Command {
  return new Command(name)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: Math.min(io.width, 110) })
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, getOutHelpWidth: () => Math.min(io.width, 110) });
}

/** Exit code of an error that commander threw: help and version are success, the rest is usage. */
export function commanderExit(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? 0 : 2;
}
