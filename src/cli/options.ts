import type { ScanOptions } from '../engine/plan/contract.ts';
import type { FlagsOf } from '../flags/types.ts';
import { defined } from '../lib/fields/defined.ts';
import { UsageError } from '../model/errors.ts';

/** Turns raw flags into scan options. Throws `UsageError` for flags that contradict each other. */
export function resolveScanOptions(targets: readonly string[], flags: FlagsOf<'scan'>): ScanOptions {
  const { config } = flags;
  return {
    targets: resolveTargetTexts(targets, flags),
    noConfig: config === false,
    verify: flags.verify === true,
    requireCoverage: flags.requireCoverage === true,
    collectors: collectorOptions(flags),
    ...(typeof config === 'string' ? { config } : {}),
    ...defined({
      policyRef: flags.policyRef,
      pack: flags.pack,
      only: flags.only,
      except: flags.except,
      rules: flags.rules,
      exclude: flags.exclude,
      baseline: flags.baseline,
      failOn: flags.failOn,
      allowGaps: flags.allowGaps,
      exposure: flags.exposure,
      engine: flags.engine,
      threads: flags.threads,
    }),
    ...(flags.incremental === true ? { incremental: true } : {}),
    ...defined({ state: flags.state, occurrences: flags.occurrences, maxFileBytes: flags.maxFileSize }),
  };
}

/** Expands globs and explains targets that people often try first. Loaded only where a target needs it. */
export async function resolveNames(options: ScanOptions, cwd: string): Promise<ScanOptions> {
  const { targets, rules = [] } = options;
  if (targets.some((text) => text.includes(':') && !/^(?:staged|range):/.test(text))) {
    (await import('./usage/check-targets.ts')).checkTargets(targets);
  }
  if (![...targets, ...rules].some((text) => /[*?[{]/.test(text))) return options;
  const { expandGlobs } = await import('./usage/expand-globs.ts');
  const expanded = { ...options, targets: await expandGlobs(targets, cwd) };
  return rules.length === 0 ? expanded : { ...expanded, rules: await expandGlobs(rules, cwd) };
}

function resolveTargetTexts(targets: readonly string[], flags: FlagsOf<'scan'>): string[] {
  const texts = [...targets];
  if (flags.staged === true && flags.range !== undefined) {
    throw new UsageError('--staged and --range exclude each other. Run bowerbird twice, once with each.');
  }
  if (flags.staged === true) texts.push('staged:');
  if (flags.range !== undefined) texts.push(`range:${flags.range}`);
  const all = texts.length === 0 ? ['.'] : texts;
  for (const need of NEEDS) need(flags, all);
  return all;
}

type Need = (flags: FlagsOf<'scan'>, targets: readonly string[]) => void;

/** A flag that would do nothing is a mistake, so it is refused. */
const NEEDS: readonly Need[] = [
  needsTarget('incremental', ['git'], 'reads what is new in a history', 'git:.'),
  needsTarget('state', ['git'], 'remembers what was read of a history', 'git:.'),
  needsTarget('occurrences', ['git'], 'speaks of a history', 'git:.'),
  needsTarget('reader', ['git'], 'says how a history is read', 'git:.'),
  needsTarget('deepen', ['git', 'range'], 'fetches what a history or range lacks', 'git:.'),
  needsTarget('fullBlobs', ['git', 'range', 'staged'], 'speaks of changes; files are always read whole', 'git:.'),
  needsTarget('record', ['github'], 'saves answers of an API', 'github:<organisation>'),
  needsFiles,
];

/** A glob leaves out files of folders, of a commit and of a range. A drive letter is no scheme. */
function needsFiles({ exclude }: FlagsOf<'scan'>, targets: readonly string[]): void {
  if (
    exclude === undefined ||
    targets.some((text) => text !== '-' && !/^(?!files:|staged:|range:)[a-z][a-z-]+:/.test(text))
  )
    return;
  throw new UsageError(
    '--exclude leaves out files of folders and changes, and no target is one: a history is read whole. Leave it out, and accept paths with "allow" in .bowerbird.yaml.',
  );
}

function needsTarget(
  flag: 'incremental' | 'state' | 'occurrences' | 'reader' | 'deepen' | 'fullBlobs' | 'record',
  schemes: readonly string[],
  what: string,
  example: string,
): Need {
  return (flags, targets) => {
    if (flags[flag] === undefined || targets.some((text) => schemes.some((scheme) => text.startsWith(`${scheme}:`))))
      return;
    throw new UsageError(
      `--${nameOf(flag)} ${what}, and no target is one. Add one, for example ${example}, or leave it out.`,
    );
  };
}

/** The flag as users write it. */
function nameOf(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

type CollectorOptions = Record<string, Record<string, string | boolean | number>>;

function collectorOptions(flags: FlagsOf<'scan'>): CollectorOptions {
  const whole = flags.fullBlobs === true ? { 'full-blobs': true } : {};
  const range = { ...whole, ...(flags.deepen === true ? { deepen: true } : {}) };
  const git = { ...range, ...defined({ reader: flags.reader }) };
  const files = flags.includeIgnored === true ? { 'include-ignored': true } : {};
  const github = defined({ record: flags.record });
  return { git, range, staged: whole, files, github };
}
