import { expect } from 'vitest';
import type { Check, CheckInput, CheckOutcome } from '../../../src/detect/contract.ts';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import type { CompiledRule } from '../../../src/model/rule.ts';

export const NOW = new Date('2026-07-01T00:00:00.000Z');

export const RULE: CompiledRule = {
  id: 'acme-token',
  provider: 'acme',
  title: 'Acme token',
  description: '',
  pattern: '(?<secret>.{1,100})',
  ignoreCase: false,
  literals: [],
  checks: [],
  skipChecks: [],
  companions: [],
  confidence: 'high',
  severity: 'high',
  credential: { type: 'api_key', lifetime: 'unknown', environment: 'any', public: false },
  keys: {},
  owasp: [],
  remediation: '',
  references: [],
  tags: [],
  examples: { match: [], noMatch: [] },
  trusted: true,
  source: 'acme.yaml:1',
};

/** Runs one check on a value; what stands around it is empty unless given. A fact that the check does not declare fails the test. */
export function evaluate(
  check: Check,
  value: string,
  given: Partial<CheckInput> & { readonly pattern?: string } = {},
): CheckOutcome {
  const { pattern, ...input } = given;
  const rule = pattern === undefined ? RULE : { ...RULE, pattern };
  const outcome = check.evaluate({
    rule,
    value,
    parts: {},
    before: '',
    after: '',
    path: 'src/app.ts',
    options: {},
    now: NOW,
    ...input,
  });
  expect(undeclared(check, outcome), `add these names to "facts" or "keys" of the check ${check.id}`).toEqual([]);
  return outcome;
}

/** Names of facts and join keys that the outcome has and the check does not declare. */
function undeclared({ facts = [], keys = [] }: Check, outcome: CheckOutcome): readonly string[] {
  const { keys: given = {}, ...others } = factsOf(outcome);
  const names = typeof facts === 'string' ? [] : Object.keys(others).filter((name) => !facts.includes(name));
  return [...names, ...Object.keys(given as object).filter((kind) => !keys.includes(kind))];
}

/** The state alone; a `lower` also tells what to. */
export function stateOf(outcome: CheckOutcome): string {
  return outcome.state === 'lower' ? `lower to ${outcome.to}` : outcome.state;
}

export function factsOf(outcome: CheckOutcome): Readonly<Record<string, unknown>> {
  return outcome.state === 'pass' || outcome.state === 'lower' ? (outcome.facts ?? {}) : {};
}

/** A value from a template, the same on every run. */
export function make(template: string, seed = 'checks'): string {
  return expandTemplate(template, seed);
}

/** The text with the character at an index (from the end where negative) replaced by another of its kind. */
export function spoil(text: string, index: number): string {
  const at = index < 0 ? text.length + index : index;
  const other = /[0-9]/.test(text.charAt(at)) ? (text[at] === '7' ? '3' : '7') : text[at] === 'b' ? 'c' : 'b';
  const kept = /[A-Z]/.test(text.charAt(at)) ? (text[at] === 'K' ? 'L' : 'K') : other;
  return text.slice(0, at) + kept + text.slice(at + 1);
}
