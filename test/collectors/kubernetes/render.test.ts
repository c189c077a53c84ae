import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includeHelper } from '../../../src/collectors/kubernetes/helpers.ts';
import { render } from '../../../src/collectors/kubernetes/render.ts';
import { ROOT } from '../../../src/collectors/kubernetes/scope.ts';
import { itRarely } from '../../it-rarely.ts';
import { tries } from '../../property/runs.ts';

const TEMPLATE = [
  'spec:',
  '  {{- if .Values.accounts.create }}',
  '  serviceAccountName: own',
  '  {{- else }}',
  '  serviceAccountName: default',
  '  {{- end }}',
].join('\n');

const rendered = (template: string, values?: Record<string, unknown>): string =>
  render(template, {
    chart: { values: values === undefined ? {} : { Values: values, Chart: { name: 'shop' } }, helpers: new Map() },
    dot: ROOT,
    variables: new Map(),
    strict: false,
    include: includeHelper,
    depth: 8,
    budget: { left: 1_000 },
  }) ?? '';
const kept = (template: string, values?: Record<string, unknown>): readonly string[] =>
  rendered(template, values)
    .split('\n')
    .filter((line) => line !== '');

describe('branches of a template', () => {
  it('are those that the values choose, else the first', () => {
    expect(kept(TEMPLATE)).toEqual(['spec:', '  serviceAccountName: own']);
    expect(kept(TEMPLATE, { accounts: { create: true } })).toEqual(['spec:', '  serviceAccountName: own']);
    expect(kept(TEMPLATE, { accounts: { create: false } })).toEqual(['spec:', '  serviceAccountName: default']);
    const inverted = TEMPLATE.replace('if .Values', 'if not .Values');
    expect(kept(inverted, { accounts: { create: false } })).toEqual(['spec:', '  serviceAccountName: own']);
  });

  it('may have an else-if and blocks in blocks', () => {
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

  it('without else are kept, whatever their condition', () => {
    expect(kept('{{ if .Values.a }}\na: 1\n{{ end }}\n', { a: false })).toEqual(['a: 1']);
  });

  it.each([
    ['eq .Values.kind "Role"', true],
    ['eq .Values.kind "A" "Role"', true],
    ['ne .Values.kind "Role"', false],
    ['and .Values.on (eq .Values.kind "Role")', true],
    ['and .Values.on (not .Values.on) .Release.IsInstall', false],
    ['or .Values.off .Release.IsInstall .Values.on', true],
    ['or .Values.off (has "b" .Values.list)', true],
    ['has "c" .Values.list', false],
    ['gt (len .Values.list) 1', true],
    ['.Values.list | empty | not', true],
    ['hasKey .Values "none"', false],
    ['hasPrefix "Ro" .Values.kind', true],
    ['eq (default "Role" .Values.none) "Role"', true],
    ['eq (.Values.kind | lower) "role"', true],
    ['(index .Values.maps 0).deep', true],
    ['kindIs "map" .Values.kind', false],
    ['ternary .Values.off .Values.on .Values.on', false],
    ['eq (printf "%s-x" .Values.kind) "Role-x"', true],
    ['$.Values.on', true],
    ['eq .Chart.Name "shop"', true],
    // Nobody knows: the first branch.
    ['.Capabilities.APIVersions.Has "x/v1"', true],
    ['semverCompare ">=1" .Capabilities.KubeVersion', true],
    ['not (lookup "v1" "Secret" "a" "b")', true],
    ['eq .Values.kind', true],
    ['eq .Values.list "a"', true],
    ['or .Values.on .Capabilities.X', true],
    ['and .Values.on .Capabilities.X', true],
    [`${'('.repeat(30)}.Values.off${')'.repeat(30)}`, true],
    [') (', true],
    ['broken (', true],
  ])('follow %s', (condition, truth) => {
    const values = { on: true, off: false, kind: 'Role', list: ['a', 'b'], maps: [{ deep: 1 }] };
    expect(kept(`{{ if ${condition} }}\nyes\n{{ else }}\nno\n{{ end }}`, values)).toEqual([truth ? 'yes' : 'no']);
  });

  it('may stand in one line', () => {
    const line = 'kind: {{ if .Values.all }}Cluster{{ end }}Role{{ if .Values.x }}s{{ else }}{{ .Values.y }}{{ end }}';
    expect(rendered(line, { all: true, y: 'Binding' })).toBe('kind: ClusterRoleBinding');
    expect(rendered(line, { all: false, x: 1 })).toBe('kind: Roles');
    expect(rendered('name: a{{ if .Release.x }}-b{{ end }}', {})).toBe('name: a-b');
  });

  it('that only fail are not meant to run', () => {
    const template = '{{ if .Release.x }}\n{{ fail "no" }}\n{{ else }}\na: 1\n{{ end }}';
    expect(kept(template, {})).toEqual(['a: 1']);
  });
});

describe('values', () => {
  it('stand in variables, which a branch that may run leaves open', () => {
    const name = (assignments: string): string => rendered(`${assignments}\nname: {{ $name }}`, { a: 'one' }).trim();
    expect(name('{{- $name := .Values.a -}}')).toBe('name: one');
    expect(name('{{- $name := printf "%s-%s" .Release.Name "web" | trunc 63 -}}')).toBe('name: <Release.Name>-web');
    expect(name('{{ $name := "x" }}\n{{ if .Values.b }}\n{{ $name = "y" }}\n{{ end }}')).toBe('name: x');
    expect(name('{{ $name := "x" }}\n{{ if .Values.b }}\n{{ $name := "y" }}\n{{ end }}')).toBe('name: x');
    expect(kept('{{ if .Values.b }}\n{{ $name := "y" }}\nname: {{ $name }}\n{{ end }}', {})).toEqual(['name: y']);
    expect(name('{{ $name := "x" }}\n{{ if .Values.a }}\n{{ $name = "y" }}\n{{ end }}')).toBe('name: y');
    expect(name('{{ $name := "x" }}\n{{ if .Release.b }}\n{{ $name = "y" }}\n{{ end }}')).toBe('name: <name>');
  });

  it('are those of `with`, and of the one item of a range', () => {
    expect(kept('{{ with .Values.a }}\nname: {{ .name }}\n{{ end }}', { a: { name: 'app' } })).toEqual(['name: app']);
    const range = '{{ range $key, $item := .Values.a }}\n{{ $key }}: {{ $item.name }} {{ $.Values.b }}\n{{ end }}';
    expect(kept(range, { a: { x: { name: 'app' } }, b: 'c' })).toEqual(['x: app c']);
    expect(kept(range, { a: { x: 1, y: 2 }, b: 'c' })).toEqual(['<Values.a.key>: <Values.a.name> c']);
    expect(kept('{{ with .Values.a }}\nname: {{ .name }}\n{{ end }}', {})).toEqual(['name: <Values.a.name>']);
  });

  it('that nobody knows keep the name of what they are', () => {
    expect(rendered('a: {{ .Release.Name }}-{{ include "x.y" . }}')).toBe('a: <Release.Name>-<x.y>');
    expect(rendered('a: {{ some_name }} {{ vault.key }} {{ item["a"] }}')).toBe('a: <some_name> <vault.key> <a>');
    expect(rendered('a: {{ .Values.text }}', { text: 'two: words' })).toBe('a: <Values.text>');
    expect(rendered('a: {{ .Values.__proto__.x }}{{ .constructor }}', { a: 1 })).toBe(
      'a: <Values.__proto__.x><constructor>',
    );
  });
});

it('keeps the number of lines of any text', () => {
  const line = fc.constantFrom(
    '{{ if .Values.a }}',
    '{{ else }}',
    '{{ else if eq .x 1 }}',
    '{{- end }}',
    '{{ range .x }}',
    'a: {{ .Values.b | default "c" }}',
    '{{/* a',
    '*/}}',
    '{{ if',
    '}}',
    '',
  );
  const property = fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    const text = lines.join('\n');
    expect(rendered(text, { a: false }).split('\n')).toHaveLength(text.split('\n').length);
  });
  fc.assert(property, tries(1_000));
});

it('reads any directive', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      rendered(`{{ ${text} }}`, { a: 1 });
    }),
    tries(500),
  );
});

itRarely('reads a long directive in linear time', () => {
  const start = performance.now();
  for (const text of ['{{', '{{ if .a }}', '{{/*', '{{ "', '{{ ((((']) rendered(text.repeat(20_000), {});
  expect(performance.now() - start).toBeLessThan(5_000);
});
