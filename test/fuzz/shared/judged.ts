import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { renderReport } from '../../../src/engine/ask/render.ts';
import type { ScanContext, ScanOptions } from '../../../src/engine/plan/contract.ts';
import { scan } from '../../../src/engine/scan.ts';
import type { Report } from '../../../src/model/report.ts';
import { reporterLoaders } from '../../../src/reporters/loaders.generated.ts';
import { DIST, ROOT } from '../../cli/run-bowerbird.ts';
import { gitEnv } from '../../collectors/shared-git.ts';
import { PASSWORD, TOKEN } from './secrets.ts';

/** The planted values, where they stand alone. As part of another word they are another value, which may be a name. */
const ALONE = [TOKEN, PASSWORD].map((value) => new RegExp(`(?<![\\w-])${value}(?![\\w-])`));

/** The published schema of JSON reports. */
export function compileSchema(): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(ROOT, 'fixtures/reports/report.schema.json'), 'utf8'));
  return new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);
}

function contextOf(cwd: string): ScanContext {
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  return {
    now,
    cwd,
    env: { ...gitEnv, XDG_CACHE_HOME: cwd },
    home: DIST,
    version: '1.2.3',
    sleep: () => Promise.resolve(),
  };
}

/**
 * Scans a folder as a user would and renders the report in every format. What must hold for any input: no plug-in
 * fails, the JSON fits its schema, places are places, and nothing shows a planted value.
 */
export async function scanAndRender(cwd: string, options: ScanOptions, validate: ValidateFunction): Promise<Report> {
  const report = await scan({ threads: 1, ...options }, contextOf(cwd));
  checkReport(report);
  for (const id of reporterLoaders.keys()) {
    const text = await renderReport(report, id, { verbose: true }, cwd);
    for (const value of ALONE) expect(value.test(text), `${id} shows a planted value`).toBe(false);
    if (id !== 'json') continue;
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
  }
  return report;
}

function checkReport({ coverage, findings }: Report): void {
  const bugs = coverage.flatMap(({ gaps }) => gaps.filter(({ reason }) => reason === 'bug'));
  expect(bugs).toEqual([]);
  for (const { scope, planned, scanned, skipped } of coverage) {
    const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    expect(scanned + left, `${scope}: more was read than was planned`).toBeLessThanOrEqual(planned);
  }
  for (const { locations } of findings) {
    for (const { startLine, startColumn, endLine, endColumn } of locations) {
      expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThanOrEqual(1);
      expect(endLine).toBeGreaterThanOrEqual(startLine);
      if (endLine === startLine) expect(endColumn).toBeGreaterThanOrEqual(startColumn);
    }
  }
}
