import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

/** A binding to cluster-admin behind 2,000 accounts, in an answer of an API server or beside a malformed document was "Clean". */
const account = (name: string): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: shop }\n`;
const BINDING =
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\n' +
  'roleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [{ kind: ServiceAccount, name: app, namespace: shop }]\n';
const many = Array.from({ length: 2_100 }, (_, at) => account(`account-${at}`));
const answer = {
  kind: 'ClusterRoleBindingList',
  apiVersion: 'rbac.authorization.k8s.io/v1',
  items: [
    {
      metadata: { name: 'b' },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'shop' }],
    },
  ],
};

const FOLDERS = {
  many: { 'a.yaml': [...many, account('app'), BINDING].join('---\n') },
  answer: { 'a.json': JSON.stringify(answer, null, 1), 'b.yaml': account('app') },
  malformed: { 'a.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {\n---\n${account('app')}---\n${BINDING}` },
};
const folders = new Map<string, Awaited<ReturnType<typeof makeFolder>>>();

beforeAll(async () => {
  for (const [name, files] of Object.entries(FOLDERS)) folders.set(name, await makeFolder(files));
});
afterAll(async () => {
  for (const folder of folders.values()) await folder.remove();
});

interface Report {
  readonly findings: { readonly ruleId: string }[];
  readonly coverage: { readonly gaps: { readonly message: string }[] }[];
}

async function scan(name: string): Promise<{ readonly report: Report; readonly code: number | null }> {
  const { stdout, code } = await runBowerbird(['scan', '.', '--json'], { cwd: folders.get(name)?.folder ?? '' });
  return { report: JSON.parse(stdout) as Report, code };
}

async function expectFound(name: string): Promise<void> {
  const { report } = await scan(name);
  expect(report.findings.map(({ ruleId }) => ruleId)).toContain('kubernetes-cluster-admin');
}

it.each(['answer', 'malformed'])('finds it: %s', expectFound);
itRarely.each(['many'])('finds it: %s', expectFound);

it('names the malformed document, with its line', async () => {
  const { report } = await scan('malformed');
  expect(report.coverage.flatMap(({ gaps }) => gaps.map(({ message }) => message))).toEqual([
    expect.stringMatching(/^a\.yaml:[1-4]: /),
  ]);
});
