import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';
import { Re2Error } from './re2-tree.ts';
import { readTable, type Table, type TableReader, warnUnknownKeys } from './read-toml.ts';
import { translatePlainRegex } from './regex.ts';

const FIELDS = ['description', 'condition', 'commits', 'paths', 'regexTarget', 'regexes', 'stopwords'];

/** Where an allowlist stands and which rules it is for; no rules: all of them. */
export interface AllowlistPlace {
  readonly file: string;
  readonly lineOf: (key?: string) => number;
  readonly ruleIds: readonly string[];
  readonly subject: string;
}

export interface ReadAllowlist {
  readonly entries: readonly AllowEntry[];
  readonly warnings: readonly string[];
}

/**
 * Reads one allowlist. `condition = "OR"` (the default) becomes one entry per part, `"AND"` one entry with all parts:
 * an entry of ours holds when all its parts do. Throws `ConfigError` for an empty list, as gitleaks does.
 */
export function readAllowlist(table: Table, place: AllowlistPlace): ReadAllowlist {
  const reader = readTable(table, place.file, place.lineOf);
  const extra = place.ruleIds.length > 0 || place.subject === 'global allowlist' ? ['targetRules'] : [];
  const warnings = [...warnUnknownKeys(table, [...FIELDS, ...extra], reader, place.subject)];
  const targets = reader.texts('targetRules');
  const ruleIds = targets.length > 0 ? targets : place.ruleIds;
  const parts = readParts(reader, place.subject, warnings);
  if (parts.length === 0) {
    throw new ConfigError(
      `${reader.where()}: ${place.subject} has no part; write one of commits, paths, regexes or stopwords`,
    );
  }
  const base = {
    kind: 'allowlist' as const,
    reason: reader.text('description') ?? `allowed in ${place.file}`,
    source: reader.where(),
    ...(ruleIds.length > 0 ? { ruleIds } : {}),
  };
  const entries = isAnd(reader, place.subject) ? [Object.assign({}, ...parts) as Parts] : parts;
  return { entries: entries.map((part) => ({ ...base, ...part })), warnings };
}

type Parts = Pick<AllowEntry, 'commits' | 'paths' | 'patterns' | 'target' | 'stopwords'>;

function readParts(reader: TableReader, subject: string, warnings: string[]): readonly Parts[] {
  const commits = reader.texts('commits').map((commit) => commit.trim().toLowerCase());
  const paths = translateAll(reader, 'paths', subject, warnings);
  const patterns = translateAll(reader, 'regexes', subject, warnings);
  const stopwords = reader.texts('stopwords').map((word) => word.toLowerCase());
  return [
    ...(commits.length > 0 ? [{ commits }] : []),
    ...(paths.length > 0 ? [{ paths }] : []),
    ...(patterns.length > 0 ? [{ patterns, target: readTarget(reader, subject) }] : []),
    ...(stopwords.length > 0 ? [{ stopwords }] : []),
  ];
}

function translateAll(reader: TableReader, key: string, subject: string, warnings: string[]): readonly string[] {
  return reader.texts(key).map((regex) => translateAt(regex, reader.where(key), `${subject}, ${key}`, warnings));
}

/** Translates one plain pattern; approximations become warnings, the impossible a `ConfigError`. */
export function translateAt(regex: string, where: string, subject: string, warnings: string[]): string {
  try {
    const { source, notes } = translatePlainRegex(regex);
    warnings.push(...notes.map((note) => `${where}: ${subject}: ${note}`));
    return source;
  } catch (error) {
    if (!(error instanceof Re2Error)) throw error;
    throw new ConfigError(`${where}: ${subject}: the pattern cannot be read: ${error.message}`);
  }
}

function readTarget(reader: TableReader, subject: string): 'secret' | 'match' | 'line' {
  const target = reader.text('regexTarget') ?? 'secret';
  if (target === '' || target === 'secret') return 'secret';
  if (target === 'match' || target === 'line') return target;
  throw new ConfigError(
    `${reader.where('regexTarget')}: ${subject}: regexTarget is "${target}"; write secret, match or line`,
  );
}

function isAnd(reader: TableReader, subject: string): boolean {
  const condition = (reader.text('condition') ?? 'OR').toUpperCase();
  if (['AND', '&&'].includes(condition)) return true;
  if (['', 'OR', '||'].includes(condition)) return false;
  throw new ConfigError(`${reader.where('condition')}: ${subject}: condition is "${condition}"; write AND or OR`);
}
