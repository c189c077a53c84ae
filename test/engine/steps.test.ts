import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather } from '../../src/engine/gather/gather.ts';
import { joinGathered } from '../../src/engine/gather/join-gathered.ts';
import { judge } from '../../src/engine/judge/judge.ts';
import { report } from '../../src/engine/judge/report.ts';
import type { ScanContext } from '../../src/engine/plan/contract.ts';
import { makePlan } from '../../src/engine/plan/make-plan.ts';
import { scan } from '../../src/engine/scan.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { DIST } from '../cli/run-bowerbird.ts';

const secret = expandTemplate('ghp_{github-crc:36}', 'steps');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-steps-'));
  for (const [name, path] of [
    ['shop', '.env'],
    ['till', 'deploy.sh'],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, path), `GITHUB_TOKEN=${secret}\n`);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contextIn(cwd: string): ScanContext {
  const now = (): Date => new Date('2026-01-01T00:00:00Z');
  return { now, cwd, env: {}, home: DIST, version: '1.2.3', sleep: () => Promise.resolve() };
}

describe('the steps of a scan', () => {
  it('gather target by target and judge once, with the result of one scan', async () => {
    const context = contextIn(folder);
    const targets = ['shop', 'till'];
    const gathered = [];
    for (const target of targets) gathered.push(await gather(await makePlan({ targets: [target] }, context)));
    const plan = await makePlan({ targets }, context);
    const joined = joinGathered(gathered);
    const apart = report(plan, joined, await judge(plan, joined));
    const together = await scan({ targets }, context);
    expect(apart).toEqual(together);
    expect(apart.findings.map(({ ruleId }) => ruleId)).toEqual([
      'github-pat-classic',
      'credential-in-several-repositories',
    ]);
    expect(apart.findings[0]?.locations.map(({ path }) => path).sort()).toEqual(['.env', 'deploy.sh']);
  });

  it('leave a plan as it was', async () => {
    const plan = await makePlan({ targets: ['shop'] }, contextIn(folder));
    const before = JSON.stringify({ ...plan, stage: undefined });
    const gathered = await gather(plan);
    report(plan, gathered, await judge(plan, gathered));
    expect(JSON.stringify({ ...plan, stage: undefined })).toBe(before);
  });
});
