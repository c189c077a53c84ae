import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHelpers } from '../../../src/collectors/kubernetes/helpers.ts';
import collector from '../../../src/collectors/kubernetes/index.ts';
import { tries } from '../../property/runs.ts';
import { declare } from '../declared.ts';

const HELPERS = `{{/* Names. */}}
{{- define "shop.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 }}
{{- end }}
{{- end }}

{{- define "shop.account" -}}
{{- if .Values.account.create }}
{{- default (include "shop.fullname" .) .Values.account.name }}
{{- else }}
{{- default "default" .Values.account.name }}
{{- end }}
{{- end }}

{{- define "shop.open" -}}
{{- if eq .Values.mode "a" }}
{{- default "first" .Values.none }}
{{- else }}
{{- default "second" .Values.none }}
{{- end }}
{{- end }}

{{- define "shop.part" -}}
{{ include "shop.fullname" .ctx }}{{- if .component -}}-{{ .component }}{{- end -}}
{{- end }}

{{- define "shop.long" -}}
{{- $name := include "shop.fullname" .ctx -}}
{{- if gt (len $name) 60 -}}
{{- $name = "cut" -}}
{{- end -}}
{{- $name -}}
{{- end }}

{{- define "shop.checked" -}}
{{- if gt (len (include "shop.fullname" .)) 60 -}}
{{- printf "too long: %s" .Release.Name | fail -}}
{{- end -}}
{{- printf "%s-checked" (include "shop.fullname" .) | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "shop.inline" -}}{{ .Values.mode }}-inline{{- end }}

{{- define "shop.endless" -}}{{ include "shop.endless" . }}{{ include "shop.endless" . }}{{- end }}

{{- define "shop.rules" -}}
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["*"]
{{- end }}
`;
const RBAC = 'apiVersion: rbac.authorization.k8s.io/v1\n';
const role = (rules: string): string =>
  `${RBAC}kind: ClusterRole\nmetadata:\n  name: {{ include "shop.fullname" . }}\nrules:\n${rules}`;
const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ include "shop.account" . }}\n';
const chart = (values: string, templates: Readonly<Record<string, string>>): Record<string, string> => ({
  'shop/Chart.yaml': 'name: shop\n',
  'shop/values.yaml': values,
  'shop/templates/_helpers.tpl': HELPERS,
  ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`shop/templates/${name}`, text])),
});
const namesOf = async (values: string, text: string): Promise<readonly string[]> =>
  (await declare(collector, chart(values, { 'a.yaml': text }))).identities.map(({ name }) => name);
const tierOf = async (values: string, rules: string): Promise<unknown> =>
  (await declare(collector, chart(values, { 'role.yaml': role(rules) }))).facts('<shop.fullname>')['privilegeTier'];

describe('rules that a template finishes', () => {
  it('give what they give where a name stands behind a slash', async () => {
    const rule = (resource: string) => `- apiGroups: [""]\n  resources: ["${resource}"]\n  verbs: [get, list]\n`;
    const named = rule('X').replace('"X"', 'services/{{ include "other.fullname" .Subcharts.other }}');
    expect(await tierOf('a: 1\n', named)).toBe(3);
    expect(await tierOf('a: 1\n', rule('{{ .Values.resource }}'))).toBeUndefined();
  });

  it('come from the branch that values choose', async () => {
    const rules =
      '{{- if and $.Values.wide (eq $.Values.mode "b") }}\n- apiGroups: ["*"]\n  resources: ["*"]\n  verbs: ["*"]\n' +
      '{{- else }}\n- apiGroups: [""]\n  resources: [pods]\n  verbs: [get]\n{{- end }}\n';
    expect(await tierOf('wide: true\nmode: b\n', rules)).toBe(0);
    expect(await tierOf('wide: true\nmode: c\n', rules)).toBe(3);
  });
});

describe('choices inside of a line', () => {
  const rules =
    '- apiGroups: [""]\n  resources: [secrets]\n  verbs: [get{{- if .Values.all }}, list{{- end }}{{ if .Values.x }}, "*"{{ else }}, watch{{ end }}]\n';
  it('are made by the values', async () => {
    const verbsOf = async (values: string) =>
      (await declare(collector, chart(values, { 'role.yaml': role(rules) }))).identities[0]?.grants.map(
        ({ permission }) => permission,
      );
    expect(await verbsOf('all: true\n')).toEqual(['get,list,watch secrets']);
    expect(await verbsOf('all: false\nx: 1\n')).toEqual(['get,* secrets']);
  });
});

describe('names that helpers give', () => {
  it('come from the values, or are those of the helper behind', async () => {
    expect(await namesOf('account: { create: true, name: "" }\n', ACCOUNT)).toEqual(['<shop.fullname>']);
    expect(await namesOf('account: { create: true, name: app }\n', ACCOUNT)).toEqual(['app']);
  });

  it('stay open behind a switch that is off: what asks for it is there for those who turn it on', async () => {
    expect(await namesOf('account: { create: false }\n', ACCOUNT)).toEqual(['<shop.account>']);
    expect(await namesOf('account: { name: app }\n', ACCOUNT)).toEqual(['<shop.account>']);
  });

  it('stay open where no plain value decides', async () => {
    const open = ACCOUNT.replace('shop.account', 'shop.open');
    expect(await namesOf('mode: a\n', open)).toEqual(['first']);
    expect(await namesOf('mode: b\n', open)).toEqual(['second']);
    expect(await namesOf('other: a\n', open)).toEqual(['<shop.open>']);
    expect(await namesOf('a: 1\n', ACCOUNT.replace('shop.account', 'other.name'))).toEqual(['<other.name>']);
  });
});

describe('helpers with arguments', () => {
  const named = async (call: string): Promise<readonly string[]> =>
    namesOf('mode: a\n', ACCOUNT.replace('include "shop.account" .', call));

  it('give another name for each of them', async () => {
    expect(await named('include "shop.part" (dict "ctx" . "component" "api")')).toEqual(['<shop.fullname>-api']);
    expect(await named('include "shop.part" (dict "ctx" $)')).toEqual(['<shop.fullname>']);
    expect(await named('include "shop.long" (dict "ctx" . "component" "api")')).toEqual(['<shop.long api>']);
    expect(await named('template "shop.long" (dict "ctx" . "component" "job")')).toEqual(['<shop.long job>']);
  });

  it('are followed through checks and on one line, and end', async () => {
    expect(await named('include "shop.checked" . | quote')).toEqual(['<shop.fullname>-checked']);
    expect(await named('include "shop.inline" .')).toEqual(['a-inline']);
    expect((await named('include "shop.endless" .')).join()).toMatch(/^(?:<shop.endless>)+$/);
  });
});

describe('lists of rules', () => {
  it('come from a helper and from the values', async () => {
    expect(await tierOf('a: 1\n', '  {{- include "shop.rules" . | nindent 2 }}\n')).toBe(0);
    const rules = 'rules: [{ apiGroups: [""], resources: [configmaps], verbs: [get] }]\n';
    expect(await tierOf(rules, '  {{- toYaml .Values.rules | nindent 2 }}\n')).toBe(3);
  });

  it('may stand behind their key', async () => {
    const rules = '- apiGroups: [metrics.acme.io]\n  resources: {{ toYaml .Values.all | nindent 2 }}\n  verbs: ["*"]\n';
    expect(await tierOf('all: ["*"]\n', rules)).toBe(2);
    expect(await tierOf('other: 1\n', rules)).toBeUndefined();
  });

  it('are read where a template writes only the names of objects', async () => {
    const names =
      '  - apiGroups: [""]\n    resources: [secrets]\n    resourceNames: ["{{ include "shop.x" . }}"]\n    verbs: [get]\n';
    expect(await tierOf('a: 1\n', names)).toBe(2);
  });

  it('stay open where something else writes more of them', async () => {
    const include = '  {{- include "shop.rules" . | nindent 2 }}\n';
    const read = async (rules: string) =>
      (await declare(collector, chart('a: 1\n', { 'role.yaml': role(rules) }))).facts('<shop.fullname>');
    expect(await read(`${include}  {{- include "shop.more" . | nindent 2 }}\n`)).not.toHaveProperty('privilegeTier');
    expect(await tierOf('a: 1\n', `{{- if .Values.x }}\n${include}{{- end }}\n`)).toBe(0);
  });

  it('are those of the other branch where the values leave them empty', async () => {
    const rules = `  {{- with .Values.rules }}
    {{- toYaml . | nindent 2 }}
  {{- else }}
  - apiGroups: ['*']
    resources: ['*']
    verbs: ['*']
  {{- end }}
`;
    expect(await tierOf('rules: []\n', rules)).toBe(0);
  });
});

it('reads helpers of any text', () => {
  const line = fc.constantFrom('{{ define "a" }}', '{{ if .x }}', '{{- end }}', '{{/* c', '*/}}', 'a: 1', '{{', '');
  const property = fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    const file = { origin: { path: '_a.tpl' }, bytes: Buffer.from(lines.join('\n')) };
    for (const body of readHelpers(file as never).values())
      expect(lines.join('\n').length).toBeGreaterThan(body.length);
  });
  fc.assert(property, tries(500));
});

it('reads helpers behind comments, also where one is not closed, in linear time', () => {
  const read = (text: string) => readHelpers({ origin: { path: '_a.tpl' }, bytes: Buffer.from(text) } as never);
  const define = '{{- define "a" -}}\nx\n{{- end -}}\n';
  expect([...read(`{{- /* {{ define "b" }} */ -}}\n${define}{{/* open`)]).toEqual([['a', '\nx\n']]);
  const start = performance.now();
  read('{{/*'.repeat(200_000));
  expect(performance.now() - start).toBeLessThan(5_000);
});
