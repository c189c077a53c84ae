import { UsageError } from '../../model/errors.ts';
import { type Entry, fieldOf, listOf, recordOf } from './json.ts';
import type { BowerbirdFinding, BowerbirdReport } from './model.ts';

/** Reads a report of `bowerbird scan --json`. */
export function readReport(text: string, target: string): BowerbirdReport {
  let report: Entry;
  try {
    report = recordOf(JSON.parse(text));
  } catch {
    throw new UsageError(`Bowerbird gave no report for ${target}.`);
  }
  const gaps = listOf(report, 'coverage').flatMap((scope) => listOf(scope, 'gaps'));
  return {
    findings: listOf(report, 'findings').map(readFinding),
    gaps: gaps.map((gap) => String(gap['message'])),
  };
}

function readFinding(finding: Entry): BowerbirdFinding {
  const places = listOf(finding, 'locations');
  return {
    ruleId: String(finding['ruleId']),
    message: String(finding['message'] ?? ''),
    identityId: String(finding['identityId'] ?? fieldOf(finding, 'identity')['id'] ?? ''),
    paths: places.map((place) => String(place['path'])),
    lines: places.map((place) => Number(place['startLine'])),
  };
}
