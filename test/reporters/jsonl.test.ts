import { describe, expect, it } from 'vitest';
import jsonl from '../../src/reporters/jsonl.ts';
import { buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

describe('jsonl', () => {
  const events = jsonl
    .render(buildSampleReport(), options)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

  it('starts with the run and ends with the summary', () => {
    expect(events[0]).toMatchObject({
      type: 'run',
      schemaVersion: '1.1.0',
      targets: ['files:.', 'git:.', 'github:acme'],
    });
    expect(events.at(-1)).toMatchObject({ type: 'summary', state: 'incomplete' });
  });

  it('has one event for each thing of the report', () => {
    const report = buildSampleReport();
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect(count('coverage')).toBe(report.coverage.length);
    expect(count('finding')).toBe(report.findings.length);
    expect(count('identity')).toBe(report.identities.length);
    expect(count('edge')).toBe(report.edges.length);
  });

  it('keeps the type of an identity beside the type of the event', () => {
    expect(events.find((event) => event.type === 'identity')).toMatchObject({ identityType: 'machine_user' });
  });
});
