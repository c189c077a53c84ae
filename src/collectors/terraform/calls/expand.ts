import { defined } from '../../../lib/fields/defined.ts';
import type { HclValue } from '../../../lib/hcl/index.ts';
import type { Gap, Skip } from '../../../model/gap.ts';
import type { TerraformBlock, TerraformFolder, TerraformModule } from '../module.ts';
import { attributeValue, evidenceOf, putBlock } from '../module.ts';
import { folderName } from '../names.ts';
import { completeValue } from './optional.ts';
import { type Repetition, repetitionsOf } from './repeat.ts';
import { rewrite, rewriteBody } from './rewrite.ts';
import { arrangeValues, fillRoot, rootValues, type ValueFile, type ValueFiles } from './root.ts';
import type { Scope } from './scope.ts';
import { folderOf, isLocal } from './source.ts';

/** Calls below calls. Terraform itself has no limit; people stay below five. */
const MAX_DEPTH = 10;
/** Most calls that are followed in one repository. */
const MAX_CALLS = 2000;
/** Most values that calls may carry over in one repository. */
const MAX_VALUES = 2_000_000;
/** Most modules that are named as not read. */
const MAX_SKIPS = 200;
/** Arguments of a call that are about the call itself. */
const META = new Set(['source', 'version', 'providers', 'count', 'for_each', 'depends_on']);

export interface Expanded {
  /** One module for each folder that nobody calls, with everything that it calls put into it. */
  readonly modules: TerraformModule[];
  readonly gaps: Gap[];
  /** Calls of modules that are not in the repository. */
  readonly skips: Skip[];
}

/** Finds what a source that is no folder of the repository declares, where that is known. */
export type KnownSources = (source: string, call: TerraformBlock, repository: string) => TerraformFolder | undefined;

interface Run {
  readonly folders: ReadonlyMap<string, TerraformFolder>;
  readonly known: KnownSources;
  readonly values: ValueFiles;
  readonly budget: { left: number };
  readonly reached: Set<string>;
  readonly result: Expanded;
  calls: number;
}

/** Where a call stands: the module that gets its content, and the calls that lead to it. */
interface Frame {
  readonly into: TerraformModule;
  readonly scope: Scope;
  readonly folder: TerraformFolder;
  readonly trail: readonly TerraformBlock[];
  readonly prefixes: readonly string[];
  /** In a folder that nobody calls: what is known without its defaults. */
  readonly sure: Scope | undefined;
}

/**
 * Puts what folders call into the folders that call it, once for each call and with the values that it passes. A folder
 * that is called has no identities of its own.
 */
export function expandCalls(
  folders: ReadonlyMap<string, TerraformFolder>,
  known: KnownSources,
  values: readonly ValueFile[] = [],
): Expanded {
  const result: Expanded = { modules: [], gaps: [], skips: [] };
  const arranged = arrangeValues(values, folders);
  const run: Run = {
    folders,
    known,
    values: arranged,
    budget: { left: MAX_VALUES },
    reached: new Set(),
    result,
    calls: 0,
  };
  const called = calledFolders(folders);
  for (const [prefix, folder] of folders) if (!called.has(prefix)) addRoot(run, prefix, folder);
  // What is left is called in a circle only. It is read without values.
  for (const [prefix, folder] of folders) if (!run.reached.has(prefix)) addRoot(run, prefix, folder);
  if (run.budget.left < 0) result.gaps.push(tooMuch());
  return result;
}

function calledFolders(folders: ReadonlyMap<string, TerraformFolder>): ReadonlySet<string> {
  const called = new Set<string>();
  for (const [prefix, { calls }] of folders) {
    for (const call of calls) {
      const target = folderOf(prefix, sourceOf(call) ?? '');
      if (target !== undefined) called.add(target);
    }
  }
  return called;
}

function addRoot(run: Run, prefix: string, folder: TerraformFolder): void {
  run.reached.add(prefix);
  run.result.modules.push(folder);
  // Outputs of a folder that nobody calls have no reader. Their names must not hide those of calls.
  folder.outputs.clear();
  const locals = new Map(folder.locals);
  const values = rootValues(prefix, folder, run.values);
  for (const name of values.unset) folder.unset.add(name);
  const scope: Scope = { path: [], variables: values.all, locals, budget: run.budget };
  fillRoot(folder, values, scope);
  const sure: Scope = { ...scope, variables: values.given };
  const frame: Frame = { into: folder, scope, folder, trail: [], prefixes: [prefix], sure };
  for (const call of folder.calls) follow(run, frame, call);
}

function follow(run: Run, frame: Frame, call: TerraformBlock): void {
  const source = sourceOf(call);
  const prefix = folderOf(frame.prefixes.at(-1) ?? '', source ?? '');
  const callee = calleeOf(run, frame, call, prefix);
  const problem = callee === undefined ? undefined : problemOf(frame, prefix);
  if (callee === undefined) addSkip(run, call, source);
  else if (problem !== undefined) addGap(run, call, problem);
  else {
    if (prefix !== undefined) run.reached.add(prefix);
    const prefixes = [...frame.prefixes, prefix ?? ''];
    for (const repetition of repetitions(frame, call)) {
      enter(run, { ...frame, folder: callee, prefixes }, call, repetition);
    }
  }
}

/** No default alone leaves a call out. */
function repetitions({ into, scope, sure }: Frame, call: TerraformBlock): readonly Repetition[] {
  const made = repetitionsOf(into, call, scope);
  return made.length === 0 && sure !== undefined ? repetitionsOf(into, call, sure) : made;
}

function calleeOf(
  run: Run,
  frame: Frame,
  call: TerraformBlock,
  prefix: string | undefined,
): TerraformFolder | undefined {
  if (prefix !== undefined) return run.folders.get(prefix);
  const source = sourceOf(call);
  return source === undefined ? undefined : run.known(source, call, frame.into.repository);
}

function problemOf(frame: Frame, prefix: string | undefined): string | undefined {
  if (prefix !== undefined && frame.prefixes.includes(prefix)) return 'calls itself in a circle';
  return frame.prefixes.length > MAX_DEPTH ? `is below ${MAX_DEPTH} other calls` : undefined;
}

/** Puts the content of a called module in, and follows its own calls. `frame` stands in the module that is called. */
function enter(run: Run, frame: Frame, call: TerraformBlock, { index, each }: Repetition): void {
  run.calls += 1;
  if (run.calls === MAX_CALLS + 1) addGap(run, call, `and what follows are more than ${MAX_CALLS} calls`);
  if (run.calls > MAX_CALLS) return;
  const { into, folder } = frame;
  const path = [...frame.scope.path, 'module', call.name, ...(index === undefined ? [] : [index])];
  const outer: Scope = each === undefined ? frame.scope : { ...frame.scope, each };
  const variables = valuesOf(folder, call, outer);
  const here = folder.functions === undefined ? folderName(frame.prefixes.at(-1) ?? '') : undefined;
  const more = defined({ functions: folder.functions, folder: here });
  const scope: Scope = { path, variables, locals: folder.locals, budget: run.budget, ...more };
  const trail = [...frame.trail, call];
  putContent(into, folder, scope, trail);
  for (const next of folder.calls) follow(run, { ...frame, scope, trail, sure: undefined }, next);
}

/** What the call passes, as values of the module that gets the content; else the default. */
function valuesOf(callee: TerraformFolder, call: TerraformBlock, outer: Scope): Map<string, HclValue | undefined> {
  const values = new Map(callee.variables);
  for (const { name, value } of call.body.attributes) if (!META.has(name)) values.set(name, rewrite(value, outer));
  for (const [name, type] of callee.types) {
    const full = completeValue(values.get(name), type, outer.budget);
    if (full !== undefined) values.set(name, full);
  }
  return values;
}

function putContent(
  into: TerraformModule,
  callee: TerraformFolder,
  scope: Scope,
  calledBy: readonly TerraformBlock[],
): void {
  const address = addressOf(scope.path);
  for (const block of callee.blocks.values()) {
    const body = rewriteBody(block.body, scope);
    putBlock(into, { ...block, address: `${address}${block.address}`, body, calledBy });
  }
  for (const [name, value] of callee.locals) into.locals.set(`${address}${name}`, rewrite(value, scope));
  for (const [name, value] of callee.outputs) into.outputs.set(`${address}${name}`, rewrite(value, scope));
}

/** Writes steps as an address with a dot at its end: `module.m["a"].`. */
function addressOf(path: readonly string[]): string {
  return `${path.map((step, index) => (step.startsWith('[') || index === 0 ? step : `.${step}`)).join('')}.`;
}

function sourceOf(call: TerraformBlock): string | undefined {
  const source = attributeValue(call, 'source');
  return source?.kind === 'string' ? source.value : undefined;
}

function addSkip(run: Run, call: TerraformBlock, source: string | undefined): void {
  const { skips } = run.result;
  const place = evidenceOf(call).source;
  const written = source === undefined ? 'source is not known' : shortSource(source);
  const why = source !== undefined && isLocal(source) ? 'folder is not read' : 'not in the repository';
  if (skips.length < MAX_SKIPS) {
    skips.push({ reason: 'declarations-not-read', subject: `${place}: module ${call.name} (${written}; ${why})` });
  }
}

/** A source without user names, tokens and queries, which a git address may hold. */
function shortSource(source: string): string {
  return source
    .replace(/\/\/[^/@]*@/, '//')
    .replace(/[?#].*$/s, '')
    .slice(0, 120);
}

function addGap(run: Run, call: TerraformBlock, problem: string): void {
  const { source } = evidenceOf(call);
  const message = `${source}: module "${call.name}" ${problem}; what it declares there is not read`;
  if (run.result.gaps.length < MAX_SKIPS)
    run.result.gaps.push({ reason: 'limit', subject: call.file.origin.path, message });
}

function tooMuch(): Gap {
  const message = `module calls carry over more than ${MAX_VALUES} values; what the last ones declare is not known`;
  return { reason: 'limit', subject: '.', message };
}
