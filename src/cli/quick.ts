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
  for (const arg of args) {
    const meaning = FLAGS.get(arg);
    if (meaning === undefined) return undefined;
    Object.assign(flags, meaning);
  }
  return flags['staged'] === true ? { command: 'scan', flags } : undefined;
}
