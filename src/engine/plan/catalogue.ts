import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RULES_FOLDER } from '../../config/config.ts';
import type { PolicyFiles } from '../../config/policy-files.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError, UsageError } from '../../model/errors.ts';
import type { CompiledRule, RuleCatalogue } from '../../model/rule.ts';
import { headOf } from '../../model/rule-head.ts';
import { loadBuiltinCatalogue } from '../../ruleset/catalogue/builtin.ts';
import { makeCatalogue } from '../../ruleset/catalogue/catalogue.ts';
import { selectRules } from '../../ruleset/catalogue/select.ts';
import type { KnownNames } from '../../ruleset/known.ts';
import { MOST_RULE_FILES, type RuleText } from '../../ruleset/read/rule-text.ts';
import type { LoadedRules, Policy, ScanContext, ScanOptions } from './contract.ts';

const FOREIGN_RULES: readonly string[] = ['.gitleaks.toml', 'gitleaks.toml', '.betterleaks.toml', 'betterleaks.toml'];

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
    ...defined({ only }),
  };
  const confidence = merged.packs?.find((pack) => pack.id === selection.pack)?.detection?.confidence;
  return {
    ...defined({ confidence }),
    catalogue: selectRules(merged, selection),
    shipped: idsOf(builtin),
    entries: foreign.entries.map((entry) => renameRules(entry, renamed)),
    notes,
  };
}

function idsOf({ detection, posture }: RuleCatalogue): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { id } of detection) ids.add(id);
  for (const { id } of posture) ids.add(id);
  return ids;
}

async function addUserRules(
  base: RuleCatalogue,
  options: ScanOptions,
  cwd: string,
  policy: Policy,
  notes: string[],
): Promise<RuleCatalogue> {
  const userDirs = (options.rules ?? []).map((folder) => ({ path: resolve(cwd, folder), label: folder }));
  for (const { path, label } of userDirs) {
    if (!existsSync(path)) throw new UsageError(`--rules ${label}: no such folder or file.`);
  }
  const configured = options.noConfig === true ? [] : policy.config.ruleFolders;
  const userTexts = await readPolicyRules(policy.files, configured);
  if (userTexts.length + userDirs.length === 0) return base;
  const { loadCatalogue } = await import('../../ruleset/load.ts');
  const onWarning = (problem: { file: string; line: number; message: string }): void => {
    notes.push(`${problem.file}:${problem.line}: ${problem.message}`);
  };
  return loadCatalogue({ base, userTexts, userDirs, known: await loadKnownNames(), onWarning });
}

/** Rule files of the policy source: the working tree, or a commit when a pull request is judged. */
async function readPolicyRules(files: PolicyFiles, folders: readonly string[]): Promise<readonly RuleText[]> {
  const texts: RuleText[] = [];
  for (const folder of folders) {
    const inFolder = await readPolicyFolder(files, folder);
    if (inFolder.length === 0 && folder !== RULES_FOLDER) {
      throw new ConfigError(`${files.prefix}${folder}: holds no rule file. Correct "rules.folders", or take it out.`);
    }
    texts.push(...inFolder);
  }
  return texts;
}

async function readPolicyFolder(files: PolicyFiles, folder: string): Promise<readonly RuleText[]> {
  const names = (await files.list(folder)).filter((name) => /\.ya?ml$/.test(name));
  if (names.length > MOST_RULE_FILES) {
    throw new ConfigError(`${files.prefix}${folder}: more than ${MOST_RULE_FILES} rule files. Join some of them.`);
  }
  const texts: RuleText[] = [];
  for (const name of names) {
    const text = await files.read(`${folder}/${name}`);
    if (text !== undefined) texts.push({ path: `${files.prefix}${folder}/${name}`, text });
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
  const ruleIds = new Set(catalogue.detection.map((rule) => rule.id));
  return ids.filter((id) => ruleIds.has(id));
}
