import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseBranches } from '../../../src/collectors/kubernetes/branches.ts';
import { evaluateCondition } from '../../../src/collectors/kubernetes/conditions.ts';
import { tries } from '../../property/runs.ts';

const TEMPLATE = [
  'spec:',
  '  {{- if .Values.accounts.create }}',
  '  serviceAccountName: own',
  '  {{- else }}',
  '  serviceAccountName: default',
  '  {{- end }}',
].join('\n');

const kept = (template: string, values?: Record<string, unknown>): readonly string[] =>
  chooseBranches(template, values === undefined ? {} : { Values: values })
    .split('\n')
    .filter((line) => line !== '' && !line.includes('{{'));

it('keeps the branch that the values choose, else the first', () => {
  expect(kept(TEMPLATE)).toEqual(['spec:', '  serviceAccountName: own']);
  expect(kept(TEMPLATE, { accounts: { create: true } })).toEqual(['spec:', '  serviceAccountName: own']);
  expect(kept(TEMPLATE, { accounts: { create: false } })).toEqual(['spec:', '  serviceAccountName: default']);
  const inverted = TEMPLATE.replace('if .Values', 'if not .Values');
  expect(kept(inverted, { accounts: { create: false } })).toEqual(['spec:', '  serviceAccountName: own']);
});

it('follows else-if and blocks in blocks', () => {
  const template = [
    '{{ if .Values.a }}',
    'a: 1',
    '{{ else if .Values.b }}',
    '{{ range .Values.list }}',
    'b: 1',
    '{{ end }}',
    '{{ else }}',
    'c: 1',
    '{{ end }}',
    'd: 1',
  ].join('\n');
  expect(kept(template, { a: false, b: true })).toEqual(['b: 1', 'd: 1']);
  expect(kept(template, { a: false, b: false })).toEqual(['c: 1', 'd: 1']);
  expect(kept(template, { a: 1, b: true })).toEqual(['a: 1', 'd: 1']);
});

it.each([
  ['eq .Values.cluster false', false],
  ['eq $.Values.cluster true', true],
  ['ne .Values.mode "a"', true],
  ['eq .Values.mode "a" "b"', true],
  ['and .Values.cluster (not .Values.none)', true],
  ['and .Values.cluster .Values.none.of.it', false],
  ['or .Values.none (eq .Values.count 2)', true],
  ['or .Values.none .Values.empty', false],
  ['not (and .Values.cluster .Values.cluster)', false],
  ['has "pods" $active', undefined],
  ['and .Values.cluster .Capabilities.X', undefined],
  ['or .Values.cluster .Capabilities.X', true],
  ['eq .Values.list "a"', undefined],
  ['.Values.cluster | not', undefined],
  ['not .Values.cluster .Values.cluster', undefined],
  [`${'('.repeat(12)}.Values.cluster${')'.repeat(12)}`, undefined],
  ['and', undefined],
  [') (', undefined],
])('judges the condition %s', (condition, truth) => {
  const Values = { cluster: true, mode: 'b', count: 2, empty: '', list: ['a'] };
  expect(evaluateCondition(condition, { Values })).toBe(truth);
  expect(evaluateCondition(condition, {})).toBeUndefined();
});

it('ends on any condition', () => {
  const token = fc.constantFrom('(', ')', 'and', 'or', 'eq', 'not', '.Values.a', '"', '"x"', '|', '$', 'true', ' ');
  const property = fc.property(fc.array(token, { maxLength: 80 }), (tokens) => {
    expect([true, false, undefined]).toContain(evaluateCondition(tokens.join(' '), { Values: { a: 1 } }));
  });
  fc.assert(property, tries(1_000));
});

it('keeps a block without else, whatever its condition', () => {
  expect(kept('{{ if .Values.a }}\na: 1\n{{ end }}\n', { a: false })).toEqual(['a: 1']);
});

it('keeps the number of lines of any text, and every line of one without else', () => {
  const line = fc.constantFrom('{{ if .Values.a }}', '{{ else }}', '{{- end }}', '{{ range .x }}', 'a: 1', '{{ if', '');
  const property = fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    const text = lines.join('\n');
    const chosen = chooseBranches(text, { Values: { a: false } });
    expect(chosen.split('\n')).toHaveLength(text.split('\n').length);
    if (!text.includes('else')) expect(chosen).toBe(text);
  });
  fc.assert(property, tries(1_000));
});
