import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { readAllowlist } from './allowlists.ts';
import { readFilter } from './expressions.ts';
import { readTable, readToml, type Table, type TomlFile, warnUnknownKeys } from './read-toml.ts';
import { type ReadRule, readRule } from './rules.ts';

/** Files that can extend one another, as in gitleaks. */
const DEPTH_MOST = 2;
const FIELDS = [
  ...['title', 'description', 'extend', 'rules', 'allowlist', 'allowlists', 'minVersion', 'betterleaksMinVersion'],
  ...['prefilter', 'filter'],
];
const EXTEND_FIELDS = ['path', 'url', 'useDefault', 'disabledRules'];

/** What a configuration of gitleaks or betterleaks says, in our terms. */
export interface GitleaksConfig {
  readonly rules: readonly CompiledRule[];
  readonly entries: readonly AllowEntry[];
  /** What does nothing or is approximated, each with file and line. */
  readonly warnings: readonly string[];
  /** True: the file builds on the tool's default rules, for which our built-in ones stand. */
  readonly usesDefault: boolean;
  /** Ids that the file turns off and that no rule of the files has: they are meant for the default rules. */
  readonly disabled: readonly string[];
}

/** Reads a file by the path that `extend.path` gives; undefined where there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Reads `.gitleaks.toml` and its like. `file` is the name for messages. Rules come with `trusted: false` and without
 * examples. Nothing is dropped silently: what cannot be expressed is a warning. Throws `ConfigError` for what is wrong.
 */
export async function readGitleaksConfig(text: string, file: string, read: ReadText): Promise<GitleaksConfig> {
  const collected = await collect(text, file, read, 0);
  const byId = new Map<string, ReadRule>();
  for (const rule of collected.rules) byId.set(rule.id, rule);
  const off = new Set(collected.disabled);
  const enabled = [...byId.values()].filter((rule) => !off.has(rule.id));
  const rules = enabled.flatMap((rule) => rule.rules);
  const companions = warnMissingCompanions(rules);
  const entries = [...enabled.flatMap((rule) => rule.entries), ...collected.entries];
  return {
    rules,
    entries: entries.map((entry) => nameAllParts(entry, byId)),
    warnings: [...enabled.flatMap((rule) => rule.warnings), ...collected.warnings, ...companions],
    usesDefault: collected.usesDefault,
    disabled: collected.disabled.filter((id) => !byId.has(id)),
  };
}

/** A rule that became several is meant as a whole where an allowlist names it. */
function nameAllParts(entry: AllowEntry, rules: ReadonlyMap<string, ReadRule>): AllowEntry {
  if (entry.ruleIds === undefined) return entry;
  const ids = entry.ruleIds.flatMap((id) => [id, ...(rules.get(id)?.rules.map((rule) => rule.id) ?? [])]);
  return { ...entry, ruleIds: [...new Set(ids)] };
}

interface Collected {
  readonly rules: readonly ReadRule[];
  readonly entries: readonly AllowEntry[];
  readonly warnings: readonly string[];
  readonly usesDefault: boolean;
  readonly disabled: readonly string[];
}

const NOTHING: Collected = { rules: [], entries: [], warnings: [], usesDefault: false, disabled: [] };

async function collect(text: string, file: string, read: ReadText, depth: number): Promise<Collected> {
  const toml = await readToml(text, file);
  const top = readTable(toml.value, file, (key) => toml.places.lineOf('', 0, key));
  const warnings = [...warnUnknownKeys(toml.value, FIELDS, top, 'top level')];
  const [extend = {}] = top.tables('extend');
  const parent = await readParent(extend, toml, read, depth, warnings);
  const own = mergeTables(top.tables('rules'), toml);
  const rules = own.map(([table, index]) => readRule(inherit(table, parent.tables), index, toml));
  const globals = [...readGlobalAllowlists(toml, warnings), ...readExpressions(toml, warnings)];
  const extendReader = readTable(extend, file, (key) => toml.places.lineOf('extend', 0, key));
  return {
    rules: [...parent.collected.rules, ...rules],
    entries: [...parent.collected.entries, ...globals],
    warnings: [...parent.collected.warnings, ...warnings],
    usesDefault: parent.collected.usesDefault || extendReader.flag('useDefault') === true,
    disabled: [...parent.collected.disabled, ...extendReader.texts('disabledRules')],
  };
}

interface Parent {
  readonly collected: Collected;
  /** Its rule tables by id, for rules that only change a part. */
  readonly tables: ReadonlyMap<string, Table>;
}

async function readParent(
  extend: Table,
  toml: TomlFile,
  read: ReadText,
  depth: number,
  warnings: string[],
): Promise<Parent> {
  const reader = readTable(extend, toml.file, (key) => toml.places.lineOf('extend', 0, key));
  warnings.push(...warnUnknownKeys(extend, EXTEND_FIELDS, reader, 'extend'));
  const none = { collected: NOTHING, tables: new Map<string, Table>() };
  if (reader.text('url') !== undefined) warnings.push(`${reader.where('url')}: extend: nothing is fetched; write path`);
  const path = reader.text('path');
  if (path === undefined || path === '') return none;
  if (depth >= DEPTH_MOST) {
    warnings.push(`${reader.where('path')}: extend: more than ${DEPTH_MOST} files deep; ${path} is not read`);
    return none;
  }
  const text = await read(path);
  if (text === undefined)
    throw new ConfigError(`${reader.where('path')}: extend.path: cannot read ${path}; write a path from the root`);
  const collected = await collect(text, path, read, depth + 1);
  const parent = await readToml(text, path);
  const tables = readTable(parent.value, path, () => 1).tables('rules');
  return { collected, tables: new Map(tables.map((table) => [String(table['id'] ?? ''), table])) };
}

/** Rule tables with their number in the file. The same id twice is an error, as in gitleaks' own tests. */
function mergeTables(tables: readonly Table[], toml: TomlFile): readonly (readonly [Table, number])[] {
  const seen = new Set<unknown>();
  return tables.map((table, index) => {
    const id = table['id'];
    if (seen.has(id))
      throw new ConfigError(
        `${toml.file}:${toml.places.lineOf('rules', index, 'id')}: rule ${String(id)} is defined twice; write another id`,
      );
    seen.add(id);
    return [table, index] as const;
  });
}

/** A rule with the id of an extended one changes the fields it has; lists are added up. */
function inherit(table: Table, parents: ReadonlyMap<string, Table>): Table {
  const parent = parents.get(String(table['id'] ?? ''));
  if (parent === undefined) return table;
  const lists = ['keywords', 'tags', 'allowlists', 'required'].flatMap((key) => {
    const joined = [parent[key], table[key]].flatMap((value) =>
      Array.isArray(value) ? (value as readonly unknown[]) : [],
    );
    return joined.length === 0 ? [] : [[key, joined] as const];
  });
  return { ...parent, ...table, ...Object.fromEntries(lists) };
}

function readGlobalAllowlists(toml: TomlFile, warnings: string[]): readonly AllowEntry[] {
  const top = readTable(toml.value, toml.file, () => 1);
  return ['allowlist', 'allowlists'].flatMap((key) =>
    top.tables(key).flatMap((table, index) => {
      const lineOf = (name?: string): number => toml.places.lineOf(key, index, name);
      const read = readAllowlist(table, { file: toml.file, lineOf, ruleIds: [], subject: 'global allowlist' });
      warnings.push(...read.warnings);
      return read.entries;
    }),
  );
}

/** The `filter` and `prefilter` of a whole betterleaks file. */
function readExpressions(toml: TomlFile, warnings: string[]): readonly AllowEntry[] {
  const top = readTable(toml.value, toml.file, (key) => toml.places.lineOf('', 0, key));
  return ['filter', 'prefilter'].flatMap((key) => {
    const read = readFilter(top.text(key) ?? '', { where: top.where(key), subject: key, ruleIds: [] });
    warnings.push(...read.warnings);
    if (read.entropy !== undefined)
      warnings.push(`${top.where(key)}: ${key}: an entropy for all rules does nothing; write it in each rule`);
    return read.entries;
  });
}

function warnMissingCompanions(rules: readonly CompiledRule[]): readonly string[] {
  const ids = new Set(rules.map((rule) => rule.id));
  return rules.flatMap((rule) =>
    rule.companions
      .filter((companion) => !ids.has(companion.rule))
      .map((companion) => `${rule.source}: rule ${rule.id}: the required rule ${companion.rule} is not in this file`),
  );
}
