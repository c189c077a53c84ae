import { expect, it } from 'vitest';
import { expandTemplate, TemplateError } from '../../src/lib/template/expand.ts';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

it.each([
  '{github-crc:99999999}',
  '{confluent-crc:1e9}',
  '{atlassian-crc:x:-1}',
  '{aws-key-id:AKIA:x}',
  '{azure-identifiable:4e9}',
])('%s is refused, at once', (template) => {
  expect(() => expandTemplate(template, 'seed')).toThrow(TemplateError);
});

const RULE = `provider: acme
name: Acme
rules:
  - id: acme-key
    title: Acme key
    pattern: '\\b(?<secret>acme_[a-z0-9]{20})\\b'
    examples: { match: ['acme_{github-crc:99999999}'] }
`;

it('in a rule of a repository, which no command dies of', async () => {
  const { folder, remove } = await makeFolder({ '.bowerbird/rules/a.yaml': RULE });
  const { stdout, stderr, code } = await runBowerbird(['rules', 'test', '.bowerbird/rules'], { cwd: folder }).finally(
    remove,
  );
  expect(stdout + stderr).toMatch(/is not a length/);
  expect([1, 2]).toContain(code);
});
