import type { HookStage } from '../hook/script.ts';
import type { ScanFlags } from './flags.ts';

/** A command line that is run without the parser. */
export type QuickCall =
  | { readonly command: 'scan'; readonly flags: ScanFlags }
  /** `timeLimit` in ms. */
  | { readonly command: 'hook'; readonly stage: HookStage; readonly timeLimit: number };

/** What each flag that stands alone means to the parser. A flag that is not in the table is the parser's. */
const FLAGS: ReadonlyMap<string, ScanFlags> = new Map<string, ScanFlags>([
  ['--staged', { staged: true }],
  ['--json', { json: true }],
  ['--quiet', { quiet: true }],
  ['-q', { quiet: true }],
  ['--verbose', { verbose: true }],
  ['-v', { verbose: true }],
  ['--color', { color: true }],
  ['--no-color', { color: false }],
  ['--no-progress', { progress: false }],
  ['--no-config', { config: false }],
  ['--require-coverage', { requireCoverage: true }],
  ['--full-blobs', { fullBlobs: true }],
]);

/** What the parser gives for flags that are not there. */
const UNSET: ScanFlags = { progress: true };

const REPORT = '--report';

const HOOK_SECONDS = 60;

/** `bowerbird --version`, alone. */
export function isVersionCall(argv: readonly string[]): boolean {
  return argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V');
}

/**
 * Reads the command lines that people and hooks wait for at each commit: `scan --staged` with plain flags, and the pre-commit
 * hook's. Undefined for all others, also for those that are wrong: the parser reads them, and says so. A test compares both
 * over many lists of arguments.
 */
export function readQuickCall(argv: readonly string[]): QuickCall | undefined {
  const [verb, ...rest] = argv;
  if (verb === 'scan') return readScan(rest);
  const isHook = argv.length === 3 && verb === 'hook' && rest[0] === 'run' && rest[1] === 'pre-commit';
  if (!isHook) return undefined;
  return { command: 'hook', stage: 'pre-commit', timeLimit: HOOK_SECONDS * 1000 };
}

function readScan(args: readonly string[]): QuickCall | undefined {
  const flags: Record<string, unknown> = { ...UNSET };
  const reports: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const meaning = FLAGS.get(arg);
    const report = reportOf(arg, args[at + 1]);
    if (meaning !== undefined) Object.assign(flags, meaning);
    else if (report !== undefined) {
      reports.push(report);
      if (arg === REPORT) at += 1;
    } else return undefined;
  }
  if (reports.length > 0) flags['report'] = reports;
  return flags['staged'] === true ? { command: 'scan', flags } : undefined;
}

/** The value of `--report <value>` or `--report=<value>`. */
function reportOf(arg: string, next: string | undefined): string | undefined {
  const value = arg === REPORT ? next : arg.startsWith(`${REPORT}=`) ? arg.slice(REPORT.length + 1) : undefined;
  return value === undefined || value === '' || value.startsWith('-') ? undefined : value;
}
