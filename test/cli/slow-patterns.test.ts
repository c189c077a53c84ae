import { afterEach, describe, expect, it } from 'vitest';
import { itRarely } from '../it-rarely.ts';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

const RULE = `
provider: evil
name: Evil
remediation: Revoke it.
rules:
  - id: evil-key
    title: Evil
    pattern: 'key=(?<secret>(a+)+b)'
    confidence: high
    severity: high
    credential: {type: api_key, lifetime: unknown, environment: live}
    examples: {match: ['key=aaab'], no-match: ['key=c']}
`;
let remove = async (): Promise<void> => undefined;

afterEach(() => remove());

async function scan(files: Readonly<Record<string, string>>, ...args: string[]) {
  const made = await makeFolder(files);
  remove = made.remove;
  return runBowerbird(['scan', '.', '--json', ...args], { cwd: made.folder });
}

describe('a pattern that would run for years', () => {
  it('in a user rule runs again in linear time, and finds what it should', async () => {
    const text = `key=${'a'.repeat(60)}c\nkey=${'a'.repeat(60)}b\n`;
    const files = { '.bowerbird/rules/evil.yaml': RULE, 'x.txt': text };
    const { code, stdout } = await scan(files, '--exclude', '.bowerbird/**', '--only', 'evil-key');
    expect(stdout).toContain('"startLine":2,');
    expect(stdout).not.toContain('rule-timeout');
    // A value of one letter is a placeholder: found, and not counted.
    expect(code).toBe(0);
  });

  itRarely('in a user rule is stopped and becomes a gap where it looks around', async () => {
    const rule = RULE.replace('(a+)+b', '(?=k?)(a+)+b');
    const files = { '.bowerbird/rules/evil.yaml': rule, 'x.txt': `key=${'a'.repeat(60)}c\n` };
    const { code, stdout } = await scan(files, '--exclude', '.bowerbird/**', '--only', 'evil-key');
    expect(stdout).toContain('"reason":"rule-timeout"');
    expect(code).toBe(3);
  });

  itRarely('in an allow entry is stopped, accepts nothing and is named', async () => {
    const config = 'allow:\n  - reason: x\n    patterns: ["^(?=k)k=(a+)+b$"]\n    target: line\n';
    const text = `k=${'a'.repeat(60)} ${sampleToken('slow')}\n`;
    const { code, stdout } = await scan({ '.bowerbird.yaml': config, 'x.txt': text });
    expect(code).toBe(1);
    expect(stdout).toContain('.bowerbird.yaml:2: a pattern of this entry takes too long');
  });
});
