import { cutText, escapeCommandData, escapeCommandProperty } from '../lib/text/escape.ts';
import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Report } from '../model/report.ts';
import { defineReporter } from './contract.ts';
import { isFilePlace, isPresent, openFindings, primaryPlace } from './shared/findings.ts';
import { describeIdentity, type Inventory, identityOf, indexInventory } from './shared/inventory.ts';
import { describeOutcome, describePlace, joinWords } from './shared/words.ts';

/** GitHub shows at most ten annotations of one type from one step. */
const MOST_PER_TYPE = 10;
const MESSAGE_LENGTH = 2000;

type Command = 'error' | 'warning' | 'notice';

/** Workflow commands: annotations beside the code, worst first, and the outcome as the last one. */
export default defineReporter({
  id: 'github',
  title: 'Annotations in the log of GitHub Actions',
  extension: 'txt',
  render(report: Report): string {
    const inventory = indexInventory(report);
    const open = openFindings(report);
    const outcome = outcomeCommand(report);
    const free: Record<Command, number> = { error: MOST_PER_TYPE, warning: MOST_PER_TYPE, notice: MOST_PER_TYPE - 1 };
    free[outcome.type] -= 1;
    const lines: string[] = [];
    const remaining: Record<Command, number> = { error: 0, warning: 0, notice: 0 };
    for (const finding of open) {
      const type = commandOf(finding);
      if (free[type] > 0) lines.push(annotation(inventory, finding, type));
      else remaining[type] += 1;
      free[type] -= 1;
    }
    const more = moreLine(remaining);
    return `${[...lines, ...(more === '' ? [] : [more]), outcome.line].join('\n')}\n`;
  },
});

function commandOf(finding: Finding): Command {
  if (finding.severity === 'critical' || finding.severity === 'high') return 'error';
  return finding.severity === 'none' ? 'notice' : 'warning';
}

function annotation(inventory: Inventory, finding: Finding, type: Command): string {
  const place = primaryPlace(finding);
  const title = `title=${escapeCommandProperty(`${finding.title} (${finding.severity} ${finding.score.value.toFixed(1)})`)}`;
  const properties = place !== undefined && isAnchored(place) ? [...placeProperties(place), title] : [title];
  return `::${type} ${properties.join(',')}::${escapeCommandData(annotationText(inventory, finding, place))}`;
}

/** Whether GitHub can show an annotation beside the line. */
function isAnchored(place: Location): boolean {
  return isPresent(place) && isFilePlace(place);
}

/** Columns only mean something to GitHub where start and end are on one line. */
function placeProperties(place: Location): string[] {
  const properties = [
    `file=${escapeCommandProperty(place.path)}`,
    `line=${place.startLine}`,
    `endLine=${place.endLine}`,
  ];
  if (place.startLine !== place.endLine) return properties;
  return [...properties, `col=${place.startColumn}`, `endColumn=${place.endColumn}`];
}

function annotationText(inventory: Inventory, finding: Finding, place: Location | undefined): string {
  const identity = identityOf(inventory, finding);
  const parts = [
    finding.kind === 'secret' ? `${finding.secret.redacted}: ${finding.message}` : finding.message,
    placeText(inventory, place),
    identity === undefined || finding.kind === 'posture' ? '' : `It opens ${describeIdentity(identity)}.`,
    finding.remediation,
    `Finding ${finding.id}.`,
  ];
  return cutText(parts.filter((part) => part !== '').join(' '), MESSAGE_LENGTH);
}

/** Empty where the annotation itself says it all: it stands at the file, and there is one repository. */
function placeText({ repositories }: Inventory, place: Location | undefined): string {
  if (place === undefined || (isAnchored(place) && repositories.length < 2)) return '';
  return `Found at ${describePlace(place, repositories)}.`;
}

function moreLine(remaining: Readonly<Record<Command, number>>): string {
  const parts = (['error', 'warning', 'notice'] as const)
    .filter((type) => remaining[type] > 0)
    .map((type) => `${remaining[type]} more ${type}${remaining[type] === 1 ? '' : 's'}`);
  if (parts.length === 0) return '';
  return `::notice title=Bowerbird::${escapeCommandData(`${joinWords(parts)} not shown here: see the job summary and the report.`)}`;
}

function outcomeCommand(report: Report): { readonly type: Command; readonly line: string } {
  const type = report.summary.state === 'incomplete' ? 'error' : 'notice';
  return { type, line: `::${type} title=Bowerbird::${escapeCommandData(describeOutcome(report))}` };
}
