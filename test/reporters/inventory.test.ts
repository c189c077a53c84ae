import { describe, expect, it } from 'vitest';
import inventory from '../../src/reporters/inventory.ts';
import { buildCleanReport, buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 100, showSecrets: false, verbose: false };

describe('inventory', () => {
  const text = inventory.render(buildSampleReport(), options);

  it('lists identities by type with power, owner, use and findings', () => {
    expect(text).toContain(
      [
        'IAM user (1)',
        '  -ci  (aws, 123456789012)',
        '    privilege tier 0 (can become administrator); owner not known; last used 2026-03-01',
        '    may iam:* on *  tier 0',
        '    declared at infra/main.tf:1:1',
      ].join('\n'),
    );
    expect(text).toMatch(/MEDIUM 5\.5 IAM user with a static key {2}infra\/main\.tf:1:1 {2}aa03/);
  });

  it('lists secrets that no known identity stands behind', () => {
    expect(text).toContain('No identity known (5)');
    expect(text.slice(text.indexOf('No identity known'))).toContain('removed/id_rsa:1:1');
  });

  it('shows every open finding once', () => {
    const shown = [...text.matchAll(/^ +(?:CRITICAL|HIGH|MEDIUM|LOW) /gm)];
    expect(shown).toHaveLength(10);
  });

  it('shows owners and other support nodes only when verbose, with all attributes', () => {
    expect(text).not.toContain('Team (1)');
    const verbose = inventory.render(buildSampleReport(), { ...options, verbose: true });
    expect(verbose).toContain('Team (1)');
    expect(verbose).toContain('lastUsedAt 2026-11-21T23:10:00Z  from GET /orgs/{org}/audit-log');
  });

  it('says so when there is no identity, and ends with the outcome', () => {
    const clean = inventory.render(buildCleanReport(), options);
    expect(clean).toContain('No identity was found.');
    expect(clean.trimEnd().split('\n').at(-1)).toBe('Clean: no findings in 3 files.');
  });
});
