import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { type CsvColumn, writeCsv } from './shared/csv.ts';
import { countPlaces, isPlaceholder, isPresent, primaryPlace, sortFindings } from './shared/findings.ts';
import { describeIdentity, type Inventory, identityOf, indexInventory, repositoryOf } from './shared/inventory.ts';

interface Row {
  readonly finding: Finding;
  readonly inventory: Inventory;
  /** The place to show first. */
  readonly place: Location | undefined;
}

/** The order is part of the format: new columns go to the end. */
const COLUMNS: readonly CsvColumn<Row>[] = [
  ['id', ({ finding }) => finding.id],
  ['kind', ({ finding }) => finding.kind],
  ['rule_id', ({ finding }) => finding.ruleId],
  ['title', ({ finding }) => finding.title],
  ['severity', ({ finding }) => finding.severity],
  ['score', ({ finding }) => finding.score.value.toFixed(1)],
  ['confidence', ({ finding }) => finding.confidence],
  ['state', ({ finding }) => (finding.suppression === undefined ? 'open' : 'accepted')],
  ['is_new', ({ finding }) => String(finding.isNew ?? '')],
  ['verdict', ({ finding }) => (finding.kind === 'secret' ? finding.verdict.state : '')],
  ['repository', ({ finding, inventory }) => repositoryOf(inventory, finding) ?? ''],
  ['path', ({ place }) => place?.path ?? ''],
  ['line', ({ place }) => String(place?.startLine ?? '')],
  ['column', ({ place }) => String(place?.startColumn ?? '')],
  ['in_tree', ({ place }) => (place === undefined ? '' : String(isPresent(place)))],
  ['commit', ({ place }) => place?.commit ?? ''],
  ['date', ({ place }) => place?.date ?? ''],
  ['url', ({ place }) => place?.url ?? ''],
  ['places', ({ finding }) => String(countPlaces(finding))],
  ['secret', ({ finding }) => (finding.kind === 'secret' ? finding.secret.redacted : '')],
  ['fingerprint', ({ finding }) => (finding.kind === 'secret' ? finding.fingerprint : '')],
  ['identity', ({ finding, inventory }) => identityText(finding, inventory)],
  ['identity_id', ({ finding }) => finding.identityId ?? ''],
  ['owners', ({ finding }) => finding.owners.map(({ name }) => name).join('; ')],
  ['accepted_because', ({ finding }) => finding.suppression?.reason ?? ''],
  ['accepted_until', ({ finding }) => finding.suppression?.expires ?? ''],
  ['owasp', ({ finding }) => finding.owasp.join('; ')],
  ['vector', ({ finding }) => finding.score.vector],
  ['message', ({ finding }) => finding.message],
  ['remediation', ({ finding }) => finding.remediation],
];

/** Open and accepted findings, worst first; placeholders are none. */
export default defineReporter({
  id: 'csv',
  title: 'Findings as a table for a spreadsheet: one finding a row',
  extension: 'csv',
  write(report: Report, _: RenderOptions, put: Put): void {
    const inventory = indexInventory(report);
    const findings = sortFindings(report.findings.filter((finding) => !isPlaceholder(finding)));
    writeCsv(
      COLUMNS,
      findings.map((finding) => ({ finding, inventory, place: primaryPlace(finding) })),
      put,
    );
  },
});

function identityText(finding: Finding, inventory: Inventory): string {
  const identity = identityOf(inventory, finding);
  return identity === undefined ? '' : describeIdentity(identity);
}
