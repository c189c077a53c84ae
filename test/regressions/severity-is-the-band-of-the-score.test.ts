import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCompany } from '../../src/build/demo.ts';
import { ROOT } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

interface Line {
  readonly kind: string;
  readonly severity: string;
  readonly score: number;
}

const LEAST: Readonly<Record<string, number>> = { critical: 9, high: 7, medium: 4, low: 0.1, none: 0 };

/** The band that a score is in. */
function bandOf(score: number): string | undefined {
  return Object.entries(LEAST).find(([, least]) => score >= least)?.[0];
}

/** Lines said `CRITICAL 3.5` and `MEDIUM 10.0`, in lists that sort by the score. */
describe('the severity of a finding', () => {
  let folder = '';
  const targets = ['repository', 'git:repository', 'dump:github-acme', 'dump:aws-acme'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-severity-'));
    await makeCompany(ROOT, folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  itRarely('is the band of its score, in every finding of both kinds', async () => {
    const { stdout } = await runBowerbird(['scan', ...targets, '--json'], { cwd: folder });
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Line[] };
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['secret', 'posture']));
    expect(findings.filter(({ severity, score }) => severity !== bandOf(score))).toEqual([]);
  });

  async function expectAgreement(verb: string): Promise<void> {
    const { stdout } = await runBowerbird([verb, ...targets, '--verbose'], { cwd: folder });
    const lines = [...stdout.matchAll(/(?<!:)\b(CRITICAL|HIGH|MEDIUM|LOW) +(\d+\.\d)/gi)];
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter(([, word = '', score]) => word.toLowerCase() !== bandOf(Number(score))).map(String)).toEqual(
      [],
    );
  }

  it('agrees with the score on every line that scan prints', () => expectAgreement('scan'));
  itRarely('agrees with the score on every line that inventory prints', () => expectAgreement('inventory'));
});
