import { basename } from 'node:path';
import { didYouMean } from '../lib/text/nearest.ts';
import { ConfigError } from '../model/errors.ts';
import type { CompiledRule, PostureRule, RuleCatalogue, RulePack } from '../model/rule.ts';
import { headOf, postureHeadOf } from '../model/rule-head.ts';
import { makeCatalogue } from './catalogue/catalogue.ts';
import { lintDetection, type PlacedRule } from './check/lint-detection.ts';
import { lintPosture } from './check/lint-posture.ts';
import { type FileKind, kindOf } from './check/schema.ts';
import { createValidator, type Validator } from './check/validate.ts';
import { compileRule } from './compile/compile-detection.ts';
import { compilePack, compilePosture } from './compile/compile-posture.ts';
import type { RawDetectionFile, RawPack, RawPostureRule } from './compile/raw.ts';
import type { KnownNames } from './known.ts';
import { type Problem, refuseErrors } from './problems.ts';
import { readRuleTexts } from './read/read-files.ts';
import type { RuleText } from './read/rule-text.ts';
import { parseYamlFile, type YamlFile } from './read/yaml-file.ts';

/** Where rules come from. Folders may hold `detection/`, `posture/` and `packs/`, or the files directly. */
export interface LoadOptions {
  /** Folder with the rules that ship with the product; their defects are errors. */
  readonly builtinDir?: string;
  /** Texts of the user's rule files, whoever read them. They come before those of `userDirs`. */
  readonly userTexts?: readonly RuleText[];
  /** Folders or files of the user; with a label where messages must show another path than the one read. */
  readonly userDirs?: readonly (string | { readonly path: string; readonly label: string })[];
  /** A catalogue already at hand (the built one), to which user rules are added. */
  readonly base?: RuleCatalogue;
  readonly known?: KnownNames;
  /** Called with each warning, ready to print. */
  readonly onWarning?: (problem: Problem) => void;
}

/** What was read, complete or not: `lint` shows all of it, a scan refuses it when there is an error. */
export interface LoadResult {
  readonly catalogue: RuleCatalogue;
  readonly problems: readonly Problem[];
}

/** Loads and checks all rules. Throws one `ConfigError` that lists every problem, also when there is no rule at all. */
export async function loadCatalogue(options: LoadOptions): Promise<RuleCatalogue> {
  const { catalogue, problems } = await inspectRules(options);
  refuseErrors(problems);
  for (const problem of problems) options.onWarning?.(problem);
  if (catalogue.detection.length + catalogue.posture.length === 0) {
    const where = [options.builtinDir ?? [], (options.userDirs ?? []).map(labelOf)].flat().join(', ');
    throw new ConfigError(`no rules found in ${where}; a run without rules would call everything clean`);
  }
  return catalogue;
}

/** Loads all rules and tells every problem instead of throwing. Rules with errors are left out. */
export async function inspectRules(options: LoadOptions): Promise<LoadResult> {
  const state: State = { rules: [], posture: [], packs: [], problems: [], ids: new Map(), known: options.known ?? {} };
  for (const head of [...(options.base?.detection ?? []), ...(options.base?.posture ?? [])])
    state.ids.set(head.id, head.rule().source);
  const validator = await createValidator();
  if (options.builtinDir !== undefined)
    await loadFolder(state, validator, options.builtinDir, basename(options.builtinDir), true);
  await loadTexts(state, validator, options.userTexts ?? [], false);
  for (const dir of options.userDirs ?? []) {
    await loadFolder(state, validator, typeof dir === 'string' ? dir : dir.path, labelOf(dir), false);
  }
  lintCompanions(state);
  const catalogue = makeCatalogue({
    detection: [...(options.base?.detection ?? []), ...state.rules.map(({ rule }) => headOf(rule))],
    posture: [...(options.base?.posture ?? []), ...state.posture.map(postureHeadOf)],
    packs: [...(options.base?.packs ?? []), ...state.packs],
  });
  return { catalogue, problems: state.problems };
}

function labelOf(dir: string | { readonly label: string }): string {
  return typeof dir === 'string' ? dir : dir.label;
}

interface State {
  readonly rules: PlacedRule[];
  readonly posture: PostureRule[];
  readonly packs: RulePack[];
  readonly problems: Problem[];
  /** Rule id to the place of the first rule with it. */
  readonly ids: Map<string, string>;
  readonly known: KnownNames;
}

async function loadFolder(state: State, validator: Validator, dir: string, label: string, own: boolean): Promise<void> {
  const { texts, problems } = await readRuleTexts(dir, label);
  state.problems.push(...problems);
  await loadTexts(state, validator, texts, own);
}

async function loadTexts(state: State, validator: Validator, texts: readonly RuleText[], own: boolean): Promise<void> {
  for (const { path, text } of texts) {
    const { yaml, problems } = await parseYamlFile(path, text);
    state.problems.push(...problems);
    if (yaml === undefined) continue;
    const kind = kindOf(yaml.value);
    if (kind === undefined) {
      report(state, yaml, [], 'not a rule file; write "rules" (detection), "when" (posture) or "pack"');
      continue;
    }
    const invalid = validator.validate(yaml, kind);
    state.problems.push(...invalid);
    if (invalid.length > 0) continue;
    if (own) checkName(state, yaml, kind);
    await loadFile(state, yaml, kind, own);
  }
}

async function loadFile(state: State, yaml: YamlFile, kind: FileKind, own: boolean): Promise<void> {
  if (kind === 'detection') return loadDetection(state, yaml, own);
  if (kind === 'pack') {
    state.packs.push(compilePack(yaml.value as RawPack));
    return;
  }
  const rule = compilePosture(yaml.value as RawPostureRule, `${yaml.file}:${yaml.locate(['id']).line}`);
  state.problems.push(...lintPosture(rule, yaml, own, state.known));
  if (claimId(state, yaml, ['id'], rule)) state.posture.push(rule);
}

async function loadDetection(state: State, yaml: YamlFile, own: boolean): Promise<void> {
  const file = yaml.value as RawDetectionFile;
  for (const [index, raw] of file.rules.entries()) {
    const path = ['rules', index];
    const rule = compileRule(raw, file, own, `${yaml.file}:${yaml.locate([...path, 'id']).line}`);
    const placed = { rule, yaml, path };
    state.problems.push(...(await lintDetection(placed, state.known)));
    if (own && !rule.id.startsWith(`${file.provider}-`) && rule.id !== file.provider) {
      report(state, yaml, [...path, 'id'], `rule ${rule.id}: write an id that starts with "${file.provider}-"`);
    }
    if (claimId(state, yaml, [...path, 'id'], rule)) state.rules.push(placed);
  }
}

function claimId(
  state: State,
  yaml: YamlFile,
  path: readonly (string | number)[],
  rule: CompiledRule | PostureRule,
): boolean {
  const first = state.ids.get(rule.id);
  if (first !== undefined) {
    report(state, yaml, path, `rule ${rule.id} is already defined at ${first}; write another id`);
    return false;
  }
  state.ids.set(rule.id, rule.source);
  return true;
}

function checkName(state: State, yaml: YamlFile, kind: FileKind): void {
  const key = { detection: 'provider', posture: 'id', pack: 'pack' }[kind];
  const name = basename(yaml.file).replace(/\.ya?ml$/, '');
  const value = (yaml.value as Readonly<Record<string, unknown>>)[key];
  if (value !== name) report(state, yaml, [key], `"${key}" is "${String(value)}"; write "${name}" as in the file name`);
}

function lintCompanions(state: State): void {
  for (const { rule, yaml, path } of state.rules) {
    for (const [index, companion] of rule.companions.entries()) {
      if (state.ids.has(companion.rule)) continue;
      const near = didYouMean(companion.rule, state.ids.keys());
      report(
        state,
        yaml,
        [...path, 'companions', index, 'rule'],
        `rule ${rule.id}: unknown rule "${companion.rule}"${near}`,
      );
    }
    for (const [index, id] of (rule.overlaps ?? []).entries()) {
      if (state.ids.has(id)) continue;
      const message = `rule ${rule.id}: unknown rule "${id}"${didYouMean(id, state.ids.keys())}`;
      report(state, yaml, [...path, 'overlaps', index], message, 'warning');
    }
  }
}

function report(
  state: State,
  yaml: YamlFile,
  path: readonly (string | number)[],
  message: string,
  severity: Problem['severity'] = 'error',
): void {
  state.problems.push({ severity, file: yaml.file, ...yaml.locate(path), message });
}
