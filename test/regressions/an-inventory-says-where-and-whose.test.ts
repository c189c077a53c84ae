import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

const FILES = {
  '.github/CODEOWNERS': '* @acme/platform\n/apps/ @jo\n',
  '.github/workflows/ci.yml': 'on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: []\n',
  'infra/a-trust.tf': [
    'data "aws_iam_policy_document" "trust" {',
    '  statement {',
    '    actions = ["sts:AssumeRole"]',
    '    principals {',
    '      type        = "Service"',
    '      identifiers = ["ec2.amazonaws.com"]',
    '    }',
    '  }',
    '}',
  ].join('\n'),
  'infra/b-role.tf': [
    'resource "aws_iam_role" "worker" {',
    '  name               = "worker"',
    '  assume_role_policy = data.aws_iam_policy_document.trust.json',
    '}',
  ].join('\n'),
  'apps/a-binding.yaml': [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata: {name: jobs}',
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}',
    'subjects: [{kind: ServiceAccount, name: jobs, namespace: shop}]',
  ].join('\n'),
  'apps/b-account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: jobs, namespace: shop}\n',
};

describe('an inventory', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let text: string;
  beforeAll(async () => {
    ({ folder, remove } = await makeFolder(FILES));
    text = (await runBowerbird(['inventory', '.'], { cwd: folder })).stdout;
  });
  afterAll(() => remove());

  /** The lines of one entry. */
  function entry(name: string): string {
    const lines = text.split('\n');
    const start = lines.findIndex((line) => line.startsWith(`  ${name}  (`));
    expect(start, `${name} in:\n${text}`).toBeGreaterThan(0);
    const end = lines.findIndex((line, at) => at > start && !line.startsWith('    '));
    return lines.slice(start, end).join('\n').replace(/\s+/g, ' ');
  }

  it('names the block that declares a role, not the one that it reads', () => {
    expect(entry('worker')).toContain('declared at infra/b-role.tf:1:1');
  });

  it('names the manifest of a service account, not its binding', () => {
    expect(entry('shop/jobs')).toContain('declared at apps/b-account.yaml:3:18');
  });

  it('names the line of a job', () => {
    expect(entry('.github/workflows/ci.yml#build')).toContain('declared at .github/workflows/ci.yml:3:3');
  });

  it('says who owns the file that declares an identity, where nobody owns itself', () => {
    expect(entry('worker')).toContain('owner team acme/platform (CODEOWNERS)');
    expect(entry('shop/jobs')).toContain('owner person jo (CODEOWNERS)');
  });
});
