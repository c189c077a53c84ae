import { compilesForMinutes } from '../../lib/patterns/slow-compile.ts';
import { didYouMean } from '../../lib/text/nearest.ts';
import type { YamlPath } from '../../lib/yaml/read.ts';
import type { CompiledRule } from '../../model/rule.ts';
import type { KnownNames } from '../known.ts';
import type { Problem } from '../problems.ts';
import type { YamlFile } from '../read/yaml-file.ts';
import { type PatternShape, readPatternShape } from './pattern-shape.ts';

/** A rule with the place it was written at. */
export interface PlacedRule {
  readonly rule: CompiledRule;
  readonly yaml: YamlFile;
  /** Path of the rule in the file. */
  readonly path: YamlPath;
}

const LITERAL_LEAST = 3;

type Report = (severity: Problem['severity'], path: YamlPath, message: string) => void;

/**
 * What a schema cannot say about one detection rule. Rules of ours are held to more than a user's: bounded quantifiers,
 * a derivable literal, examples of both kinds, remediation and references.
 */
export async function lintDetection(placed: PlacedRule, knownNames: KnownNames): Promise<readonly Problem[]> {
  const { rule, yaml } = placed;
  const problems: Problem[] = [];
  const report: Report = (severity, path, message) => {
    const place = yaml.locate([...placed.path, ...path]);
    problems.push({ severity, file: yaml.file, ...place, message: `rule ${rule.id}: ${message}` });
  };
  await lintPattern(rule, report);
  lintNames(rule, knownNames, report);
  if (rule.trusted) lintCompleteness(rule, report);
  else if (rule.examples.noMatch.length === 0) report('warning', [], 'no example under examples.no-match; add one');
  return problems;
}

async function lintPattern(rule: CompiledRule, report: Report): Promise<void> {
  const shape = await tryReadShape(rule, report);
  if (shape === undefined) return;
  const strict = rule.trusted ? 'error' : 'warning';
  const pattern = ['pattern'];
  if (/^[\r\n]|[\r\n]$/.test(rule.pattern)) {
    report('error', pattern, 'the pattern begins or ends with a line break; write "|-" instead of "|"');
  }
  if (!shape.groups.includes('secret')) {
    report('error', pattern, 'the pattern has no group "secret"; write (?<secret>...) around what is secret');
  }
  for (const quantifier of shape.unbounded) {
    report(strict, pattern, `"${shorten(quantifier)}" has no upper end; write a bound such as {1,200}`);
  }
  for (const text of shape.backreferences)
    report(strict, pattern, `"${text}" refers back; write the pattern without it`);
  if (shape.backreferences.length > 0 && compilesForMinutes(rule.pattern)) {
    report(
      'error',
      pattern,
      'it refers back and has too many optional parts to compile in time; write one {0,200} for them',
    );
  }
  for (const text of shape.foreign) {
    report('error', pattern, `"${text}" is not ASCII; write its UTF-8 bytes as ${utf8Escapes(text)}`);
  }
  if (!hasLiteral(rule, shape.literalLength)) {
    const advice = `no ${LITERAL_LEAST} fixed bytes stand in every match; write a longer fixed part, "literals" or "context"`;
    report(strict, pattern, advice);
  }
  const parts = [...shape.groups, ...rule.companions.map((companion) => companion.as)];
  for (const [kind, group] of Object.entries(rule.keys)) {
    if (parts.includes(group)) continue;
    report('error', ['keys', kind], `the pattern has no group "${group}"${didYouMean(group, parts)}`);
  }
}

/** Something to search for before the pattern runs: in the match itself, or the context words near it. */
function hasLiteral(rule: CompiledRule, derived: number): boolean {
  const isLong = (word: string): boolean => Buffer.byteLength(word) >= LITERAL_LEAST;
  if (derived >= LITERAL_LEAST || (rule.literals.length > 0 && rule.literals.every(isLong))) return true;
  return rule.context !== undefined && rule.context.words.length > 0 && rule.context.words.every(isLong);
}

async function tryReadShape(rule: CompiledRule, report: Report): Promise<PatternShape | undefined> {
  try {
    new RegExp(rule.pattern);
    return await readPatternShape(rule.pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /s, '') : String(error);
    report('error', ['pattern'], `the pattern does not compile: ${reason}`);
    return undefined;
  }
}

function lintNames(rule: CompiledRule, knownNames: KnownNames, report: Report): void {
  const { checks, verifiers } = knownNames;
  if (checks !== undefined) lintChecks(rule, checks, report);
  if (rule.verifier === undefined || verifiers === undefined || verifiers.includes(rule.verifier)) return;
  report('error', ['verifier'], `unknown verifier "${rule.verifier}"${didYouMean(rule.verifier, verifiers)}`);
}

function lintChecks(rule: CompiledRule, checks: NonNullable<KnownNames['checks']>, report: Report): void {
  for (const [index, { check, options }] of rule.checks.entries()) {
    const allowed = checks.get(check);
    const path = ['checks', index];
    if (allowed === undefined) report('error', path, `unknown check "${check}"${didYouMean(check, checks.keys())}`);
    else lintOptions(check, Object.keys(options), allowed, (message) => report('error', path, message));
  }
  for (const [index, check] of rule.skipChecks.entries()) {
    if (checks.has(check)) continue;
    report('error', ['skip-checks', index], `unknown check "${check}"${didYouMean(check, checks.keys())}`);
  }
}

function lintOptions(
  check: string,
  given: readonly string[],
  allowed: readonly string[],
  report: (message: string) => void,
): void {
  const advice = allowed.length === 0 ? 'it has none' : `write one of ${allowed.join(', ')}`;
  for (const option of given) {
    if (!allowed.includes(option))
      report(`check ${check} has no option "${option}"${didYouMean(option, allowed)}; ${advice}`);
  }
}

function lintCompleteness(rule: CompiledRule, report: Report): void {
  if (rule.examples.match.length === 0)
    report('error', ['examples'], 'no example that matches; add one under examples.match');
  if (rule.examples.noMatch.length === 0) {
    report('error', ['examples'], 'no example that does not match; add a near miss under examples.no-match');
  }
  if (rule.references.length === 0) report('error', [], 'no reference; add the page of the provider under references');
}

function utf8Escapes(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 18)}...${text.slice(-18)}` : text;
}
