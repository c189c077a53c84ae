import type { CompiledRule, Condition, PostureRule } from '../../model/rule.ts';

/** Formats one rule for a person. Examples are shown as templates, so nothing that looks like a live key is printed. */
export function formatRule(rule: CompiledRule | PostureRule): string {
  const blocks = 'pattern' in rule ? describeDetection(rule) : describePosture(rule);
  return `${blocks.join('\n')}\n`;
}

function describeDetection(rule: CompiledRule): readonly string[] {
  const { credential, context, paths } = rule;
  const lifetime = typeof credential.lifetime === 'number' ? `${credential.lifetime} h` : credential.lifetime;
  const { privilege } = credential;
  return [
    `${rule.id}: ${rule.title}`,
    ...(rule.description === '' ? [] : [rule.description]),
    '',
    row('severity', `${rule.severity}, confidence ${rule.confidence}`),
    row('pattern', `${rule.pattern}${rule.ignoreCase ? '   (ignores case)' : ''}`),
    ...(context === undefined
      ? []
      : [row('context', `${context.words.join(', ')} within ${context.before} bytes before, ${context.after} after`)]),
    ...(paths === undefined
      ? []
      : [row('paths', [...paths.only, ...paths.not.map((glob) => `not ${glob}`)].join(', '))]),
    ...list(
      'checks',
      rule.checks.map(({ check, options }) => describeCheck(check, options)),
    ),
    ...list('skipped checks', rule.skipChecks),
    ...list(
      'companions',
      rule.companions.map(
        (part) => `${part.required ? 'needs' : 'takes'} ${part.rule} within ${part.withinLines} lines as ${part.as}`,
      ),
    ),
    row(
      'credential',
      `${credential.type}, lives ${lifetime}, ${credential.environment}${credential.public ? ', public by design' : ''}`,
    ),
    ...(privilege === undefined ? [] : [row('privilege', `${privilege.weight}: ${privilege.why}`)]),
    ...list(
      'join keys',
      Object.entries(rule.keys).map(([kind, group]) => `${kind} from ${group}`),
    ),
    ...(rule.verifier === undefined ? [] : [row('verifier', rule.verifier)]),
    ...describeCommon(rule),
    ...list(
      'matches',
      rule.examples.match.map((example) => oneLine(example.secret ?? example.text)),
    ),
    ...list(
      'does not match',
      rule.examples.noMatch.map((example) => oneLine(example.text)),
    ),
  ];
}

function describePosture(rule: PostureRule): readonly string[] {
  return [
    `${rule.id}: ${rule.title}`,
    ...(rule.why === '' ? [] : [rule.why]),
    '',
    row('severity', `${rule.severity}, confidence ${rule.confidence}`),
    row('applies to', rule.types.join(', ')),
    row('fails when', describeCondition(rule.when)),
    row('message', rule.message),
    ...describeCommon(rule),
  ];
}

function describeCommon(rule: CompiledRule | PostureRule): readonly string[] {
  return [
    ...list('OWASP', rule.owasp),
    ...list('tags', rule.tags),
    row('remediation', rule.remediation.replace(/\n/g, `\n${' '.repeat(16)}`)),
    ...rule.references.map((reference) => row('reference', reference)),
    row('source', rule.source),
  ];
}

function describeCondition(condition: Condition): string {
  if ('all' in condition) return `(${condition.all.map(describeCondition).join(' and ')})`;
  if ('any' in condition) return `(${condition.any.map(describeCondition).join(' or ')})`;
  if ('not' in condition) return `not ${describeCondition(condition.not)}`;
  return `${condition.attribute} ${condition.operator} ${JSON.stringify(condition.operand)}`;
}

function describeCheck(check: string, options: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(options).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return given.length === 0 ? check : `${check} (${given.join(', ')})`;
}

function list(label: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [row(label, items.join(', '))];
}

function row(label: string, text: string): string {
  return `${label.padEnd(16)}${text}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
