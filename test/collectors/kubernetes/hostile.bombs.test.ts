import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/kubernetes/index.ts';
import { declare } from '../declared.ts';

const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: "{{ .Values.name }}"\n';
const CHART = { 'Chart.yaml': 'name: shop\n', 'values.yaml': 'name: builder\n' };
const MANY = 20_000;

/** A map of many keys, a list of many items and a long text, for the values of a chart. */
const LARGE = [
  'name: builder',
  'map:',
  ...Array.from({ length: MANY }, (_, at) => `  k${at}: v`),
  'list:',
  ...Array.from({ length: MANY }, (_, at) => `  - v${at}`),
  `long: ${'a'.repeat(500_000)}`,
].join('\n');

function chart(template: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...CHART, 'templates/account.yaml': `${template}\n${ACCOUNT}`, ...more };
}

const BOMBS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a text that doubles', chart(`{{ $x := "ab" }}\n${'{{ $x = printf "%s%s" $x $x }}\n'.repeat(60)}`)],
  [
    'a text of which each letter becomes many',
    chart(`{{ $x := "a" }}\n${'{{ $x = replace "a" "aaaaaaaa" $x }}\n'.repeat(60)}`),
  ],
  [
    'a list that holds itself twice',
    chart(`{{ $x := list "a" }}\n${'{{ $x = list $x $x }}\n'.repeat(60)}{{ upper $x }}`),
  ],
  [
    'a map that holds itself twice',
    chart(`{{ $x := dict "a" 1 }}\n${'{{ $x = dict "a" $x "b" $x }}\n'.repeat(60)}{{ int $x }}`),
  ],
  ['a name that grows', chart(`${'{{ $x = $x.abcdefgh.abcdefgh }}\n'.repeat(MANY)}`)],
  [
    'a map of many keys that is asked again and again',
    chart('{{ if .Values.map }}{{ len (keys .Values.map) }}{{ end }}\n'.repeat(MANY), { 'values.yaml': LARGE }),
  ],
  [
    'a list of many items that is searched again and again',
    chart('{{ if has "x" .Values.list }}a{{ end }}\n'.repeat(MANY), { 'values.yaml': LARGE }),
  ],
  [
    'a range over much, again and again',
    chart('{{ range .Values.map }}{{ . }}{{ end }}\n'.repeat(MANY), { 'values.yaml': LARGE }),
  ],
  ['a long text, written again and again', chart('a: {{ .Values.long }}\n'.repeat(MANY), { 'values.yaml': LARGE })],
  [
    'a list that stands behind many keys',
    chart('a: {{ toYaml .Values.list | nindent 2 }}\n'.repeat(MANY), { 'values.yaml': LARGE }),
  ],
  [
    'a large helper that is called again and again',
    chart('a: {{ include "big" . }}\n'.repeat(MANY), {
      'templates/_h.tpl': `{{ define "big" }}${'{{ if .x }}a{{ end }}\n'.repeat(MANY)}{{ end }}`,
    }),
  ],
  [
    'helpers that call one another twice',
    chart('a: {{ include "h0" . }}\n'.repeat(100), {
      'templates/_h.tpl': Array.from(
        { length: 40 },
        (_, at) => `{{ define "h${at}" }}${`{{ include "h${at + 1}" . }}`.repeat(20)}{{ end }}`,
      ).join('\n'),
    }),
  ],
  [
    'blocks inside of blocks, with many variables',
    chart(
      `${'{{ if .a }}\n'.repeat(MANY)}${Array.from({ length: MANY }, (_, at) => `{{ $v${at} = 1 }}\n`).join('')}${'{{ end }}\n'.repeat(MANY)}`,
    ),
  ],
  ['marks that nothing closes', chart('{{ '.repeat(300_000))],
];

/** Fifty overlays of one base, each with a hundred files of a hundred patches. */
function patched(target: string): Record<string, string> {
  const account = (name: string): string => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`;
  const many = (size: number): string => Array.from({ length: size }, (_, at) => account(`a${at}`)).join('---\n');
  const patches = Array.from({ length: 100 }, (_, at) => `- path: ../base/p${at}.yaml\n${target}`).join('');
  const overlays = Array.from({ length: 50 }, (_, at) => [
    `o${at}/kustomization.yaml`,
    `namePrefix: o${at}-\nresources: [../base]\npatches:\n${patches}`,
  ]);
  const files = Array.from({ length: 100 }, (_, at) => [`base/p${at}.yaml`, many(100)]);
  const base = { 'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': many(500) };
  return { ...base, ...Object.fromEntries(overlays), ...Object.fromEntries(files) };
}

describe('patches of kustomize that are made to wear a reader out', () => {
  it.each([
    ['with targets', '  target: {kind: ServiceAccount}\n'],
    ['without', ''],
  ])(
    '%s: end',
    async (_, target) => {
      const { identities } = await declare(collector, patched(target));
      expect(identities.map(({ name }) => name)).toContain('o49-a499');
    },
    30_000,
  );
});

describe('templates of Helm that are made to wear a reader out', () => {
  it.each(BOMBS)(
    '%s: ends, and what stands beside is read',
    async (_, files) => {
      const { identities, gaps } = await declare(collector, { ...files, 'templates/other.yaml': ACCOUNT });
      const names = identities.map(({ name }) => name);
      expect(names.length + gaps.length, 'the account beside, or a gap').toBeGreaterThan(0);
      expect(names).toContain('builder');
    },
    30_000,
  );
});
