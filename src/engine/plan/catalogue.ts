import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RULES_FOLDER } from '../../config/config.ts';
import type { PolicyFiles } from '../../config/policy-files.ts';
import { nestsDeeper } from '../../lib/nesting.ts';
import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError, UsageError } from '../../model/errors.ts';
import type { CompiledRule, RuleCatalogue } from '../../model/rule.ts';
import { headOf } from '../../model/rule-head.ts';
import { loadBuiltinCatalogue } from '../../ruleset/builtin.ts';
import { makeCatalogue } from '../../ruleset/catalogue.ts';
import type { KnownNames } from '../../ruleset/known.ts';
import { selectRules } from '../../ruleset/select.ts';
import type { LoadedRules, Policy, ScanContext, ScanOptions } from './contract.ts';

const FOREIGN_RULES: readonly string[] = ['.gitleaks.toml', 'gitleaks.toml', '.betterleaks.toml', 'betterleaks.toml'];

/** Levels of nesting in a rule file; a posture condition may have some. */
const DEEPEST = 100;

async function loadKnownNames(): Promise<KnownNames> {
  return (await import('./known-names.ts')).knownNames();
}

/** Loads built-in and user rules, reads gitleaks' configuration where present, and selects. Throws `ConfigError`. */
export async function loadRules(options: ScanOptions, context: ScanContext, policy: Policy): Promise<LoadedRules> {
  const notes: string[] = [];
  const builtin = await loadBuiltinCatalogue(context.home, loadKnownNames);
  const withUser = await addUserRules(builtin, options, context.cwd, policy, notes);
  const foreign = await readForeignRules(options, policy, notes);
  const { catalogue: merged, renamed } = addRules(withUser, foreign.rules);
  const { config } = policy;
  const only = options.only ?? (config.only.length > 0 ? config.only : undefined);
  const selection = {
    pack: options.pack ?? config.pack,
    except: [...config.except, ...knownOnly(merged, foreign.disabled), ...(options.except ?? [])],
    ...(only === undefined ? {} : { only }),
  };
  const confidence = merged.packs?.find((pack) => pack.id === selection.pack)?.detection?.confidence;
  return {
    ...(confidence === undefined ? {} : { confidence }),
    catalogue: selectRules(merged, selection),
    entries: foreign.entries.map((entry) => renameRules(entry, renamed)),
    notes,
  };
}

async function addUserRules(
  base: RuleCatalogue,
  options: ScanOptions,
  cwd: string,
  policy: Policy,
  notes: string[],
): Promise<RuleCatalogue> {
  const given = (options.rules ?? []).map((folder) => ({ path: resolve(cwd, folder), label: folder }));
  for (const { path, label } of given) {
    if (!existsSync(path)) throw new UsageError(`--rules ${label}: no such folder or file.`);
  }
  const configured = options.noConfig === true ? [] : policy.config.ruleFolders;
  const copy = await copyPolicyRules(policy.files, configured);
  const userDirs = [...(copy?.folders ?? []), ...given];
  if (userDirs.length === 0) return base;
  try {
    const { loadCatalogue } = await import('../../ruleset/load.ts');
    const onWarning = (problem: { file: string; line: number; message: string }): void => {
      notes.push(`${problem.file}:${problem.line}: ${problem.message}`);
    };
    return await loadCatalogue({ base, userDirs, known: await loadKnownNames(), onWarning });
  } finally {
    if (copy !== undefined) await rm(copy.path, { recursive: true, force: true });
  }
}

interface RuleCopy {
  readonly path: string;
  readonly folders: readonly { readonly path: string; readonly label: string }[];
}

/**
 * User rules come from the policy source (a commit, on a pull request), so they are copied out of it before they are
 * read.
 */
async function copyPolicyRules(files: PolicyFiles, folders: readonly string[]): Promise<RuleCopy | undefined> {
  const found = [];
  for (const folder of folders) {
    const texts = await readRuleTexts(files, folder);
    if (texts.size > 0) found.push({ folder, texts });
    else if (folder !== RULES_FOLDER) {
      throw new ConfigError(`${files.prefix}${folder}: holds no rule file. Correct "rules.folders", or take it out.`);
    }
  }
  if (found.length === 0) return undefined;
  const copy = await mkdtemp(join(tmpdir(), 'bowerbird-rules-'));
  const copied = [];
  for (const [index, { folder, texts }] of found.entries()) {
    const path = join(copy, String(index));
    await mkdir(path);
    for (const [name, text] of texts) await writeFile(join(path, name), text);
    copied.push({ path, label: `${files.prefix}${folder}` });
  }
  return { path: copy, folders: copied };
}

async function readRuleTexts(files: PolicyFiles, folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const name of await files.list(folder)) {
    if (!/\.ya?ml$/.test(name)) continue;
    const text = await files.read(`${folder}/${name}`);
    if (text === undefined) continue;
    if (nestsDeeper(Buffer.from(text), DEEPEST)) {
      throw new ConfigError(`${files.prefix}${folder}/${name}: nested deeper than ${DEEPEST} levels.`);
    }
    texts.set(name, text);
  }
  return texts;
}

interface ForeignRules {
  readonly rules: readonly CompiledRule[];
  readonly entries: readonly AllowEntry[];
  readonly disabled: readonly string[];
}

async function readForeignRules(options: ScanOptions, policy: Policy, notes: string[]): Promise<ForeignRules> {
  const none = { rules: [], entries: [], disabled: [] };
  if (options.noConfig === true || !policy.config.foreign) return none;
  for (const name of FOREIGN_RULES) {
    const text = await policy.files.read(name);
    if (text === undefined) continue;
    const { readGitleaksConfig } = await import('../../ruleset/gitleaks/index.ts');
    const read = await readGitleaksConfig(text, `${policy.files.prefix}${name}`, (path) => policy.files.read(path));
    notes.push(`${name}: ${read.rules.length} rules and ${read.entries.length} allowlist entries were read`);
    notes.push(...read.warnings);
    return { rules: read.rules, entries: read.entries, disabled: read.disabled };
  }
  return none;
}

/** A foreign rule never replaces a built-in one of the same id: it is added under a name of its own. */
function addRules(
  base: RuleCatalogue,
  rules: readonly CompiledRule[],
): { readonly catalogue: RuleCatalogue; readonly renamed: ReadonlyMap<string, string> } {
  const renamed = new Map<string, string>();
  if (rules.length === 0) return { catalogue: base, renamed };
  const taken = new Set(base.detection.map((rule) => rule.id));
  const added = rules.map((rule) => {
    if (!taken.has(rule.id)) return headOf(rule);
    renamed.set(rule.id, `custom-${rule.id}`);
    return headOf({ ...rule, id: `custom-${rule.id}` });
  });
  const { posture, packs = [] } = base;
  return { catalogue: makeCatalogue({ detection: [...base.detection, ...added], posture, packs }), renamed };
}

/** An allowlist that names a renamed rule means that rule, and the built-in one of the same id. */
function renameRules(entry: AllowEntry, renamed: ReadonlyMap<string, string>): AllowEntry {
  if (entry.ruleIds === undefined) return entry;
  return {
    ...entry,
    ruleIds: entry.ruleIds.flatMap((id) => [id, ...(renamed.has(id) ? [renamed.get(id) ?? id] : [])]),
  };
}

/** gitleaks may switch off rules that we do not have under that name. */
function knownOnly(catalogue: RuleCatalogue, ids: readonly string[]): string[] {
  const known = new Set(catalogue.detection.map((rule) => rule.id));
  return ids.filter((id) => known.has(id));
}
