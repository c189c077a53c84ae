import type { ScanOptions } from '../engine/plan/contract.ts';
import type { FlagsOf } from '../flags/types.ts';
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
    ...defined('policyRef', flags.policyRef),
    ...defined('pack', flags.pack),
    ...defined('only', flags.only),
    ...defined('except', flags.except),
    ...defined('rules', flags.rules),
    ...defined('exclude', flags.exclude),
    ...defined('baseline', flags.baseline),
    ...defined('failOn', flags.failOn),
    ...defined('allowGaps', flags.allowGaps),
    ...defined('exposure', flags.exposure),
    ...defined('engine', flags.engine),
    ...defined('threads', flags.threads),
    ...(flags.incremental === true ? { incremental: true } : {}),
    ...defined('state', flags.state),
    ...defined('occurrences', flags.occurrences),
    ...defined('maxFileBytes', flags.maxFileSize),
  };
}

function defined<K extends string, V>(key: K, value: V | undefined): Record<K, V> | object {
  return value === undefined ? {} : { [key]: value };
}

function resolveTargetTexts(targets: readonly string[], flags: FlagsOf<'scan'>): string[] {
  const texts = [...targets];
  if (flags.staged === true && flags.range !== undefined) {
    throw new UsageError('--staged and --range exclude each other: run bowerbird twice.');
  }
  if (flags.staged === true) texts.push('staged:');
  if (flags.range !== undefined) texts.push(`range:${flags.range}`);
  return texts.length === 0 ? ['.'] : texts;
}

type CollectorOptions = Record<string, Record<string, string | boolean | number>>;

function collectorOptions(flags: FlagsOf<'scan'>): CollectorOptions {
  const git: Record<string, string | boolean | number> = {};
  if (flags.reader !== undefined) git['reader'] = flags.reader;
  if (flags.fullBlobs === true) git['full-blobs'] = true;
  const range = flags.deepen === true ? { deepen: true } : {};
  const files = flags.includeIgnored === true ? { 'include-ignored': true } : {};
  const github = flags.record === undefined ? {} : { record: flags.record };
  return { git, range, files, github };
}
