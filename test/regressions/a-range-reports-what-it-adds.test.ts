import { beforeEach, describe, expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { TestRepository } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

interface FoundLine {
  readonly kind: string;
  readonly ruleId: string;
  readonly identityId?: string;
  readonly owners: readonly { readonly name: string; readonly how: string }[];
}

function user(name: string, action: string): string {
  const statement = `{ Effect = "Allow", Action = ${action}, Resource = "*" }`;
  return [
    `resource "aws_iam_user" "${name}" { name = "${name}" }`,
    `resource "aws_iam_user_policy" "${name}" {`,
    `  user   = aws_iam_user.${name}.name`,
    `  policy = jsonencode({ Version = "2012-10-17", Statement = [${statement}] })`,
    '}',
    '',
  ].join('\n');
}

/** Defects of pull-request runs: CODEOWNERS that did not change was unknown, and all of a changed file counted as new. */
describe('a scan of a range', () => {
  let repository: TestRepository;

  beforeEach(() => {
    repository = new TestRepository();
    repository.commit('base', {
      '.github/CODEOWNERS': '* @acme/platform\n',
      'infra/main.tf': user('admin', '"*"'),
      'infra/narrow.tf': user('narrow', '["s3:*", "iam:*"]'),
      'infra/wide.tf': user('wide', '["s3:*", "iam:*"]'),
    });
    repository.git('checkout', '-q', '-b', 'topic');
  });

  async function scan(...targets: string[]): Promise<readonly FoundLine[]> {
    const args = ['scan', ...targets, '--range', 'main...HEAD', '--json'];
    const { stdout, stderr } = await runBowerbird(args, { cwd: repository.folder });
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as { readonly findings: readonly FoundLine[] }).findings;
  }

  const identities = (findings: readonly FoundLine[]): string[] => [
    ...new Set(findings.map(({ identityId }) => identityId?.split('.').at(-1) ?? '')),
  ];

  it('knows the owners of a CODEOWNERS that the range leaves as it is', async () => {
    repository.commit('leak', { 'deploy.env': `T=${sampleToken('owner')}\n` });
    const [finding, ...others] = await scan();
    expect(others).toEqual([]);
    expect(finding?.owners).toContainEqual(expect.objectContaining({ name: 'acme/platform', how: 'CODEOWNERS' }));
  });

  it('reports the identity that it adds to a file, not those that stood there', async () => {
    repository.commit('more', { 'infra/main.tf': `# moved down\n${user('admin', '"*"')}${user('added', '"*"')}` });
    expect(identities(await scan())).toEqual(['added']);
  });

  itRarely('reports an identity that it widens, and none that it narrows', async () => {
    repository.commit('widen', {
      'infra/narrow.tf': user('narrow', '["iam:*"]'),
      'infra/wide.tf': user('wide', '["s3:*", "iam:*", "ec2:*"]'),
    });
    expect(identities(await scan())).toEqual(['wide']);
  });

  itRarely('reports nothing where the file is only moved or has a comment more', async () => {
    repository.commit('comment', { 'infra/main.tf': `# a comment\n${user('admin', '"*"')}` });
    expect(await scan()).toEqual([]);
    repository.git('mv', 'infra/main.tf', 'infra/users.tf');
    repository.commit('rename');
    expect(await scan()).toEqual([]);
  });

  itRarely('reports everything where the tree is a target as well', async () => {
    repository.commit('more', { 'infra/main.tf': user('admin', '"*"') + user('added', '"*"') });
    expect(identities(await scan('.'))).toEqual(expect.arrayContaining(['admin', 'added', 'narrow']));
  });
});
