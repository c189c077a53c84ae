import type { Command } from 'commander';
import {
  type AnyRule,
  allRules,
  type ExampleResult,
  formatProblem,
  lintRules,
  type RuleDeskContext,
  selectRules,
  testRule,
  viewRules,
} from '../../engine/ask/rule-desk.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import type { FlagsOf } from '../../flags/types.ts';
import { defined } from '../../lib/fields/defined.ts';
import { didYouMean } from '../../lib/text/nearest.ts';
import { UsageError } from '../../model/errors.ts';
import type { CliIo } from '../io.ts';
import { declareGroup, declareVerb } from '../program.ts';
import { formatRule } from './rule-text.ts';

/** What `rules` was asked to do, resolved. */
export type RulesArgs =
  | { readonly action: 'list'; readonly pack?: string; readonly tag?: string; readonly json?: boolean }
  | { readonly action: 'show'; readonly id: string; readonly json?: boolean }
  | { readonly action: 'test'; readonly targets: readonly string[]; readonly json?: boolean }
  | { readonly action: 'lint'; readonly path?: string; readonly json?: boolean };

/** The parts of the terminal that `rules` uses. */
export type RulesIo = RuleDeskContext & Pick<CliIo, 'stdout' | 'stderr'>;

/** `bowerbird rules list|show|test|lint`. */
export function addRules(program: Command, io: CliIo, finish: (code: number) => void): void {
  const rules = declareGroup(program, 'rules', io);
  declareVerb(rules, 'rules list', io).action(async (flags: FlagsOf<'rules list'>) => {
    finish(await runRules({ action: 'list', ...flags }, io));
  });
  declareVerb(rules, 'rules show', io).action(async (id: string, flags: FlagsOf<'rules show'>) => {
    finish(await runRules({ action: 'show', id, ...flags }, io));
  });
  declareVerb(rules, 'rules test', io).action(async (targets: string[], flags: FlagsOf<'rules test'>) => {
    finish(await runRules({ action: 'test', targets, ...flags }, io));
  });
  declareVerb(rules, 'rules lint', io).action(async (path: string | undefined, flags: FlagsOf<'rules lint'>) => {
    finish(await runRules({ action: 'lint', ...defined({ path }), ...flags }, io));
  });
}

/** Runs one of the four commands and returns the exit code. Throws `UsageError` and `ConfigError`. */
export async function runRules(args: RulesArgs, io: RulesIo): Promise<number> {
  if (args.action === 'list') return listRules(args, io);
  if (args.action === 'show') return showRule(args, io);
  if (args.action === 'test') return testRules(args, io);
  return printLint(args, io);
}

async function listRules(args: RulesArgs & { readonly action: 'list' }, io: RulesIo): Promise<number> {
  const { catalogue } = await viewRules(undefined, io);
  const selected = args.pack === undefined ? catalogue : selectRules(catalogue, { pack: args.pack });
  const rules = allRules(selected).filter((rule) => args.tag === undefined || rule.tags.includes(args.tag));
  if (args.tag !== undefined && rules.length === 0) throw unknownTag(args.tag, allRules(selected));
  if (args.json === true) {
    print(io, rules.map(summarise));
    return EXIT.clean;
  }
  const width = Math.max(0, ...rules.map((rule) => rule.id.length));
  for (const rule of rules) {
    io.stdout(`${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.confidence.padEnd(6)}  ${rule.title}\n`);
  }
  const posture = rules.filter((rule) => !('pattern' in rule)).length;
  io.stdout(`${rules.length - posture} detection rules, ${posture} posture rules\n`);
  return EXIT.clean;
}

function unknownTag(tag: string, rules: readonly AnyRule[]): UsageError {
  const tags = [...new Set(rules.flatMap((rule) => rule.tags))].sort();
  return new UsageError(`No rule has the tag "${tag}"${didYouMean(tag, tags)}. Write one of: ${tags.join(', ')}.`);
}

function summarise(rule: AnyRule): Readonly<Record<string, unknown>> {
  const kind = 'pattern' in rule ? 'detection' : 'posture';
  const { id, title, severity, confidence, tags, owasp, source } = rule;
  return { id, kind, title, severity, confidence, tags, owasp, source };
}

async function showRule(args: RulesArgs & { readonly action: 'show' }, io: RulesIo): Promise<number> {
  const { catalogue } = await viewRules(undefined, io);
  const [rule] = allRules(selectRules(catalogue, { only: [args.id] }));
  if (rule === undefined) throw new UsageError(`Unknown rule "${args.id}".`);
  if (args.json === true) print(io, rule);
  else io.stdout(formatRule(rule));
  return EXIT.clean;
}

async function testRules(args: RulesArgs & { readonly action: 'test' }, io: RulesIo): Promise<number> {
  const results: ExampleResult[] = [];
  const problems: string[] = [];
  for (const target of args.targets.length === 0 ? [undefined] : args.targets) {
    const isPath = target !== undefined && /[/\\.]/.test(target);
    const view = await viewRules(isPath ? target : undefined, io);
    const showsAll = isPath || target === undefined;
    const rules = showsAll ? view.rules : allRules(selectRules(view.catalogue, { only: [target] }));
    if (showsAll) problems.push(...view.problems.filter((problem) => problem.severity === 'error').map(formatProblem));
    for (const rule of rules) results.push(...testRule(rule, view.catalogue, io.now()));
  }
  const failed = results.filter((result) => result.problem !== undefined);
  if (args.json === true) print(io, { results, problems });
  else printResults(results, problems, io);
  if (results.length === 0) io.stderr('bowerbird: no example was run.\n');
  return failed.length + problems.length > 0 || results.length === 0 ? EXIT.usage : EXIT.clean;
}

function printResults(results: readonly ExampleResult[], problems: readonly string[], io: RulesIo): void {
  for (const problem of problems) io.stdout(`${problem}\n`);
  for (const { ruleId, kind, number, problem } of results) {
    io.stdout(
      `${problem === undefined ? 'ok  ' : 'FAIL'} ${ruleId} ${kind} ${number}${problem === undefined ? '' : `: ${problem}`}\n`,
    );
  }
  const failed = results.filter((result) => result.problem !== undefined).length;
  io.stdout(`${results.length} examples, ${failed} failed\n`);
}

async function printLint(args: RulesArgs & { readonly action: 'lint' }, io: RulesIo): Promise<number> {
  const view = await viewRules(args.path, io);
  const { rules } = view;
  const problems = await lintRules(view);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (args.json === true) print(io, problems);
  else {
    for (const problem of problems) io.stdout(`${formatProblem(problem)}\n`);
    io.stdout(`${rules.length} rules, ${errors} errors, ${problems.length - errors} warnings\n`);
  }
  const isEmpty = rules.length + problems.length === 0;
  if (isEmpty) io.stderr(`bowerbird: ${args.path ?? 'the rules folder'} holds no rule.\n`);
  return errors > 0 || isEmpty ? EXIT.usage : EXIT.clean;
}

function print(io: RulesIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value, undefined, 2)}\n`);
}
