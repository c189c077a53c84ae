import type { FlagsOf } from '../../flags/types.ts';
import type { HookStage } from '../../hook/script.ts';
import { HOOK_SECONDS, LISTS, SWITCHES, UNSET } from './quick-flags.generated.ts';

/** A command line that needs no parser. */
export type QuickCall =
  | { readonly command: 'scan'; readonly flags: FlagsOf<'scan'> }
  /** `timeLimit` in ms. */
  | { readonly command: 'hook'; readonly stage: HookStage; readonly timeLimit: number };

/** `bowerbird --version`, alone. */
export function isVersionCall(argv: readonly string[]): boolean {
  return argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V');
}

/**
 * Reads the command lines that people and hooks wait for at each commit: `scan --staged` with flags that need no check,
 * and the pre-commit hook's. Returns undefined for all others, also for wrong ones: the parser reads those and explains
 * what is wrong. A test compares both over many lists of arguments.
 */
export function readQuickCall(argv: readonly string[]): QuickCall | undefined {
  const [verb, ...rest] = argv;
  if (verb === 'scan') return readScan(rest);
  const isHook = argv.length === 3 && verb === 'hook' && rest[0] === 'run' && rest[1] === 'pre-commit';
  if (!isHook) return undefined;
  return { command: 'hook', stage: 'pre-commit', timeLimit: HOOK_SECONDS * 1000 };
}

function readScan(args: readonly string[]): QuickCall | undefined {
  const flags: Record<string, boolean | string[]> = { ...UNSET };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const meaning = SWITCHES.get(arg);
    if (meaning !== undefined) {
      flags[meaning[0]] = meaning[1];
      continue;
    }
    const pair = readPair(arg, args[at + 1]);
    if (pair === undefined) return undefined;
    const before = flags[pair.key];
    flags[pair.key] = typeof before === 'object' ? [...before, pair.value] : [pair.value];
    if (!pair.isJoined) at += 1;
  }
  return flags['staged'] === true ? { command: 'scan', flags } : undefined;
}

interface Pair {
  readonly key: string;
  readonly value: string;
  /** True for `--flag=value`. */
  readonly isJoined: boolean;
}

/** Returns the value of `--flag <value>` or `--flag=<value>`, or undefined where the parser has to look. */
function readPair(arg: string, next: string | undefined): Pair | undefined {
  const end = arg.indexOf('=');
  const isJoined = end > 0;
  const key = LISTS.get(isJoined ? arg.slice(0, end) : arg);
  const value = isJoined ? arg.slice(end + 1) : next;
  if (key === undefined || value === undefined || value === '' || value.startsWith('-')) return undefined;
  return { key, value, isJoined };
}
