import type { Log, Run } from 'sarif';
import { stringifyJson } from '../lib/text/escape.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type RenderOptions } from './contract.ts';
import { openFindings } from './shared/findings.ts';
import { type Inventory, indexInventory } from './shared/inventory.ts';
import { type Anchor, anchorFinding, makeFileHasher } from './shared/sarif-anchor.ts';
import { describeInvocation } from './shared/sarif-invocation.ts';
import { describeRoots } from './shared/sarif-repositories.ts';
import { buildResults } from './shared/sarif-results.ts';
import { buildRules } from './shared/sarif-rules.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const HOME = 'https://github.com/bowerbird-security/bowerbird';
/** GitHub refuses 25,000 results in a run and shows 5,000 of fewer; which ones is better decided here. */
const MOST_RESULTS = 5000;

/**
 * SARIF 2.1.0 in the profile of GitHub code scanning; see README.md for what that means. The first run has what is in
 * the tree now, the second, only where history was read, what is nowhere but in history.
 */
export default defineReporter({
  id: 'sarif',
  title: 'SARIF 2.1.0 for GitHub code scanning and other readers of it',
  extension: 'sarif',
  render(report: Report, options: RenderOptions): string {
    const inventory = indexInventory(report);
    // A path alone does not say which of several repositories' files to read.
    const single = inventory.repositories.length < 2;
    const hashFile = makeFileHasher(single ? options.readFile?.bind(options) : undefined);
    const anchors = openFindings(report).map((finding) => anchorFinding(inventory, finding, hashFile));
    const head = anchors.filter((anchor) => anchor.part === 'head');
    const history = anchors.filter((anchor) => anchor.part === 'history');
    const runs = [buildRun(report, inventory, 'head', head)];
    const readHistory = report.coverage.some((line) => line.scope === 'history');
    if (readHistory || history.length > 0) runs.push(buildRun(report, inventory, 'history', history));
    const log: Log = { $schema: SCHEMA, version: '2.1.0', runs };
    return `${stringifyJson(log, 2)}\n`;
  },
});

function buildRun(report: Report, inventory: Inventory, part: 'head' | 'history', anchors: readonly Anchor[]): Run {
  const all = buildResults(inventory, anchors);
  const results = all.slice(0, MOST_RESULTS);
  const { rules, indexes } = buildRules(results);
  return {
    tool: {
      driver: {
        name: 'Bowerbird',
        informationUri: HOME,
        version: report.tool.version,
        semanticVersion: report.tool.version,
        rules,
      },
    },
    automationDetails: { id: `bowerbird/${part}/` },
    columnKind: 'utf16CodeUnits',
    ...describeRoots(inventory),
    invocations: [describeInvocation(report, all.length - results.length)],
    results: results.map(({ result, rule }) => ({ ...result, ruleIndex: indexes.get(rule.id) ?? -1 })),
  };
}
