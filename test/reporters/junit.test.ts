import { describe, expect, it } from 'vitest';
import junit from '../../src/reporters/junit.ts';
import { buildCleanReport, buildEmptyReport, buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

describe('junit', () => {
  const text = junit.render(buildSampleReport(), options);

  it('has failures for findings, errors for scopes that were not read, skipped for accepted ones', () => {
    expect(text).toContain(
      '<testsuites name="bowerbird" tests="14" failures="10" errors="2" skipped="1" time="4.250">',
    );
    expect(text.match(/<failure /g)).toHaveLength(10);
    expect(text.match(/<error /g)).toHaveLength(2);
    expect(text.match(/<skipped /g)).toHaveLength(1);
  });

  it('is balanced', () => {
    const open = [...text.matchAll(/<([a-z]+)(?:\s[^<>]*[^/<>]|)>/g)].map((found) => found[1]);
    const closed = [...text.matchAll(/<\/([a-z]+)>/g)].map((found) => found[1]);
    expect([...open].sort()).toEqual([...closed].sort());
  });

  it('does not pass when nothing was scanned', () => {
    expect(junit.render(buildEmptyReport(), options)).toContain('errors="1"');
    expect(junit.render(buildCleanReport(), options)).toContain('failures="0" errors="0"');
  });
});
