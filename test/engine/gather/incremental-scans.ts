import { join } from 'node:path';
import { expect } from 'vitest';
import type { ScanContext, ScanOptions } from '../../../src/engine/plan/contract.ts';
import { scan } from '../../../src/engine/scan.ts';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import type { Report } from '../../../src/model/report.ts';
import { DIST } from '../../cli/run-bowerbird.ts';
import { gitEnv } from '../../collectors/shared-git.ts';

export const token = (seed: string): string => expandTemplate('ghp_{github-crc:36}', `incremental/${seed}`);

export function contextOf(changes: Partial<ScanContext> = {}): ScanContext {
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  return { now, cwd: '/', env: gitEnv, home: DIST, version: '1.2.3', sleep: () => Promise.resolve(), ...changes };
}

export function scanAll(
  folder: string,
  options: Partial<ScanOptions> = {},
  context?: Partial<ScanContext>,
): Promise<Report> {
  return scan({ targets: [`git:${folder}`], noConfig: true, ...options }, contextOf(context));
}

export function scanNew(
  folder: string,
  options: Partial<ScanOptions> = {},
  context?: Partial<ScanContext>,
): Promise<Report> {
  return scanAll(folder, { incremental: true, ...options }, context);
}

export const note = (report: Report): string => report.summary.notes.join('\n');
export const stateOf = (folder: string): string => join(folder, '.git', 'bowerbird', 'state.json');
export const isIncremental = (report: Report): boolean =>
  report.coverage.some((line) => line.facts['incremental'] === true);
export const newIds = (report: Report): string[] =>
  report.findings.filter(({ isNew }) => isNew === true).map(({ id }) => id);

/** Secrets and places in HEAD, which both ways of scanning must name alike. */
export function essence(report: Report): unknown {
  return report.findings.map((finding) => {
    const present = finding.locations.filter((place) => place.present === true);
    const places = present.map(({ path, startLine, startColumn }) => `${path}:${startLine}:${startColumn}`);
    return [finding.id, finding.severity, finding.locations.every((place) => place.reachable), [...new Set(places)]];
  });
}

/** An incremental scan, which must say what a scan of everything says. */
export async function scanBoth(folder: string): Promise<Report> {
  const report = await scanNew(folder);
  expect(essence(report)).toEqual(essence(await scanAll(folder)));
  return report;
}
