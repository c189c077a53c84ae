import { didYouMean } from '../../lib/text/nearest.ts';
import type { YamlPath } from '../../lib/yaml/read.ts';
import { ANY_TYPE } from '../../model/identity-kinds.ts';
import type { Json } from '../../model/json.ts';
import type { Condition, PostureRule } from '../../model/rule.ts';
import type { KnownNames } from '../known.ts';
import type { Problem } from '../problems.ts';
import type { YamlFile } from '../read/yaml-file.ts';

/** Least characters of a built-in rule's remediation: shorter ones name no order of steps. */
const REMEDIATION_LEAST = 60;

type Report = (path: YamlPath, message: string, severity?: Problem['severity']) => void;

/** What a schema cannot say about one posture rule. `own`: a built-in rule, held to prose and all three examples. */
export function lintPosture(
  rule: PostureRule,
  yaml: YamlFile,
  own: boolean,
  knownNames: KnownNames,
): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message, severity = 'error') => {
    problems.push({ severity, file: yaml.file, ...yaml.locate(path), message: `rule ${rule.id}: ${message}` });
  };
  lintCondition(rule.when, ['when'], knownNames, report);
  for (const [index, type] of rule.types.entries()) {
    if (type === ANY_TYPE || knownNames.types === undefined || knownNames.types.includes(type)) continue;
    report(['applies-to', index], `unknown identity type "${type}"${didYouMean(type, knownNames.types)}`);
  }
  lintExamples(rule, own, report);
  if (own) lintProse(rule, report);
  return problems;
}

function lintProse(rule: PostureRule, report: Report): void {
  const { length } = rule.remediation;
  if (rule.why === '') report([], 'no "why"; say what can happen');
  if (length === 0) report([], 'no "remediation"; say what to do');
  else if (length < REMEDIATION_LEAST) {
    report(
      ['remediation'],
      `"remediation" has ${length} characters; write at least ${REMEDIATION_LEAST}: what to do, in order`,
    );
  }
  if (/remove all/i.test(rule.remediation)) {
    report(
      ['remediation'],
      '"remove all" is advice that nobody can follow; say which ones to remove, and how to tell them',
    );
  }
  if (rule.owasp.length === 0) report([], 'no "owasp"; write at least one of NHI1 to NHI10');
  if (rule.references.length === 0) report([], 'no reference; add the page that explains it');
}

function lintCondition(condition: Condition, path: YamlPath, knownNames: KnownNames, report: Report): void {
  if ('all' in condition || 'any' in condition) {
    const [key, parts] = 'all' in condition ? ['all', condition.all] : ['any', condition.any];
    for (const [index, part] of parts.entries()) lintCondition(part, [...path, key, index], knownNames, report);
    return;
  }
  if ('not' in condition) lintCondition(condition.not, [...path, 'not'], knownNames, report);
  else lintOperator(condition, path, knownNames.operators, report);
}

function lintOperator(
  condition: { readonly operator: string; readonly operand: Json },
  path: YamlPath,
  operators: KnownNames['operators'],
  report: Report,
): void {
  if (operators === undefined) return;
  const { operator, operand } = condition;
  const checkOperand = operators.get(operator);
  const wrong = checkOperand === undefined ? undefined : checkOperand(operand);
  const at = [...path, operator];
  if (wrong !== undefined) report(at, `operator ${operator}: ${wrong}`);
  if (checkOperand !== undefined) return;
  const names = [...operators.keys()];
  report(at, `unknown operator "${operator}"${didYouMean(operator, names)}; write one of ${names.join(', ')}`);
}

function lintExamples(rule: PostureRule, own: boolean, report: Report): void {
  const { fail, pass, notAssessed } = rule.examples;
  const kinds = [
    ['fail', fail],
    ['pass', pass],
    ['not-assessed', notAssessed],
  ] as const;
  for (const [kind, examples] of kinds) {
    if (examples.length === 0)
      report(['examples'], `no example under examples.${kind}; add one`, own ? 'error' : 'warning');
    for (const [index, { type }] of examples.entries()) {
      if (rule.types.includes(type) || rule.types.includes(ANY_TYPE)) continue;
      report(['examples', kind, index], `the example is of type "${type}", to which the rule does not apply`);
    }
  }
}
