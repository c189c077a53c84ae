import { expect, it } from 'vitest';
import { makeFolder, runBowerbird } from '../cli/run-bowerbird.ts';

const RULE = `provider: acme
name: Acme
rules:
  - id: acme-key
    title: Acme key
    pattern: acme_(?<secret>[a-z0-9]{20,40})
`;

it('scans with the rules of a repository where no temporary folder can be made', async () => {
  const { folder, remove } = await makeFolder({
    '.bowerbird/rules/acme.yaml': RULE,
    'a.txt': `key = acme_${[...'k3j9x2m7q8w4z6y1v5t0'].join('')}\n`,
  });
  const env = { TMPDIR: `${folder}/no/such/folder` };
  const result = await runBowerbird(['scan', '.', '--report', 'json'], { cwd: folder, env }).finally(remove);
  expect(result.stderr).not.toMatch(/ENOENT|bug/);
  expect(result.code).toBe(1);
  expect(JSON.parse(result.stdout).findings.map((finding: { ruleId: string }) => finding.ruleId)).toEqual(['acme-key']);
});
