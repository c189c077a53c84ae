import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reporterContract } from '../contract/reporter-contract.ts';
import { reporters } from './all-reporters.ts';
import {
  buildCleanReport,
  buildEmptyReport,
  buildSampleReport,
  buildSeveralReport,
  RAW_SECRETS,
  readSampleFile,
} from './sample-report.ts';

for (const reporter of reporters) {
  reporterContract(reporter, {
    full: buildSampleReport,
    clean: buildCleanReport,
    empty: buildEmptyReport,
    several: buildSeveralReport,
    secrets: Object.values(RAW_SECRETS),
    readFile: readSampleFile,
  });
}

describe('reporters', () => {
  it('are the ones that the product promises', () => {
    const ids = reporters.map((reporter) => reporter.id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'csv',
        'identities',
        'github',
        'gitlab',
        'human',
        'json',
        'jsonl',
        'junit',
        'markdown',
        'sarif',
      ]),
    );
  });

  it.each(reporters.map((reporter) => [reporter.id, reporter] as const))(
    '%s equals its golden file',
    async (id, reporter) => {
      const options = { color: false, width: 100, showSecrets: false, verbose: false, readFile: readSampleFile };
      const text = reporter.render(buildSampleReport(), options);
      await expect(text).toMatchFileSnapshot(`../../fixtures/reports/${id}.golden`);
    },
  );

  it('show raw values only where a person asked for them, and in no format for other programs', () => {
    const options = { color: false, width: 100, showSecrets: true, verbose: true, readFile: readSampleFile };
    const open = reporters.filter((reporter) => {
      return reporter.render(buildSampleReport(), options).includes(RAW_SECRETS.token);
    });
    expect(open.map((reporter) => reporter.id)).toEqual(['brief', 'human', 'json', 'jsonl']);
  });

  it('leave no golden file behind', () => {
    const ids = reporters.map((reporter) => `${reporter.id}.golden`);
    const goldens = readdirSync('fixtures/reports').filter((name) => name.endsWith('.golden'));
    expect(goldens.filter((name) => !ids.includes(name))).toEqual([]);
  });
});
