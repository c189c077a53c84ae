import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Log, Result } from 'sarif';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { TestRepository } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

/** The commonest leak: a token was committed, its file was deleted, code scanning stayed green. */
describe('a secret whose file was deleted', () => {
  let repository: TestRepository;

  beforeEach(() => {
    repository = new TestRepository();
    repository.commit('leak', {
      'deploy/old.env': `# production\nTOKEN=${sampleToken('deleted')}\n`,
      'README.md': 'x\n',
    });
    repository.git('rm', '-q', 'deploy/old.env');
    repository.commit('clean up', { 'README.md': 'y\n' });
  });

  async function scan(): Promise<Log> {
    const { stdout, code } = await runBowerbird(['scan', '.', 'git:.', '--report', 'sarif'], {
      cwd: repository.folder,
    });
    expect(code).toBe(1);
    return JSON.parse(stdout) as Log;
  }

  it('is a result of the history run, at a path of its own', async () => {
    const log = await scan();
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync('fixtures/reports/sarif-2.1.0.schema.json', 'utf8')));
    validate(log);
    expect(validate.errors).toBeNull();
    expect(log.runs.map((run) => run.automationDetails?.id)).toEqual(['bowerbird/head/', 'bowerbird/history/']);
    const place = historyResult(log).locations?.[0]?.physicalLocation;
    expect(place?.artifactLocation?.uri).toBe('.bowerbird/history/deploy/old.env');
    expect(place?.region?.startLine).toBe(2);
    expect(JSON.stringify(log)).not.toContain('history-only');
  });

  itRarely('stays the same alert when the history goes on', async () => {
    const before = historyResult(await scan());
    repository.commit('more', { 'deploy/old.env': 'nothing here\n' });
    const after = historyResult(await scan());
    expect(after.partialFingerprints).toEqual(before.partialFingerprints);
    expect(after.locations).toEqual(before.locations);
    expect(after.ruleId).toBe(before.ruleId);
  });
});

function historyResult(log: Log): Result {
  const [result] = log.runs[1]?.results ?? [];
  if (result === undefined) throw new Error('no result in the history run');
  return result;
}
