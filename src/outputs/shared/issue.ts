import { createHash } from 'node:crypto';
import type { Delivery, IssuePlan } from '../contract.ts';
import type { FindingEventKind, FindingView, SafeFindingEvent } from '../event.ts';
import { codeSpan } from './markdown.ts';
import { describeOwners, describePlace, describeVerdict } from './words.ts';

/** An issue that is there. */
export interface FoundIssue {
  readonly id: string;
  readonly isOpen: boolean;
}

/** What a tracker can do. Each answer that is no success ends the delivery. */
export interface Tracker {
  find(): Promise<FoundIssue | undefined | Delivery>;
  create(): Promise<Delivery>;
  setOpen(issue: FoundIssue, isOpen: boolean): Promise<Delivery>;
  comment(issue: FoundIssue): Promise<Delivery>;
}

/** Events after which the issue is open; after the others it is closed. */
const OPENING: ReadonlySet<FindingEventKind> = new Set(['new', 'reopened', 'verdict']);

/**
 * Brings the issue of a finding to where an event puts it. To repeat it changes nothing: the state is looked at first,
 * and a comment follows only a change of it.
 */
export async function deliverIssue({ event }: IssuePlan, tracker: Tracker): Promise<Delivery> {
  const known = await tracker.find();
  if (known !== undefined && 'state' in known) return known;
  const shallOpen = OPENING.has(event);
  if (known === undefined) return shallOpen ? tracker.create() : { state: 'sent' };
  if (event === 'verdict' && known.isOpen) return tracker.comment(known);
  if (known.isOpen === shallOpen) return { state: 'sent' };
  const changed = await tracker.setOpen(known, shallOpen);
  if (changed.state !== 'sent') return changed;
  // The state is what counts: a comment that is lost is not worth a second change.
  await tracker.comment(known);
  return changed;
}

/** A part of the id that any tracker takes as a word. */
export function wordOf(findingId: string): string {
  if (/^[A-Za-z0-9]{6,64}$/.test(findingId)) return findingId;
  return createHash('sha256').update(findingId).digest('hex').slice(0, 32);
}

/** Heading of an issue: one line, and nothing in it that a tracker could read as a mention. */
export function issueTitle({ title, severity, places, id }: FindingView, most: number): string {
  const [place] = places;
  const where = place === undefined ? '' : ` in ${place.repository ?? place.path}`;
  const plain = `[${severity}] ${title}${where}`
    .replace(/[`@#<>]/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const end = ` (${wordOf(id).slice(0, 12)})`;
  return `${plain.slice(0, most - end.length).replace(/[\ud800-\udbff]$/, '')}${end}`;
}

/** A field of an issue: our word, and foreign text. */
export type IssueRow = readonly [name: string, text: string];

/** What an issue says of a finding. */
export function issueRows(finding: FindingView): readonly IssueRow[] {
  const { id, severity, score, ruleId, title, message, remediation, redacted, fingerprint, acceptance } = finding;
  const rows: IssueRow[] = [
    ['Severity', `${severity}, score ${score}`],
    ['Rule', `${ruleId}: ${title}`],
    ['What', message],
    ['What to do', remediation],
    ['Value', redacted ?? ''],
    ['Fingerprint', fingerprint ?? ''],
    ['Live check', describeVerdict(finding)],
    ['Owners', describeOwners(finding)],
    ['Accepted', acceptance?.reason ?? ''],
    ['Finding', id],
  ];
  return rows.filter(([, text]) => text !== '');
}

/** The places of a finding, each as one line of text, and how many more there are. */
export function issuePlaces({ places, morePlaces }: FindingView): readonly string[] {
  const lines = places.map((place) => {
    const commit = place.commit === undefined ? '' : ` at ${place.commit.slice(0, 10)}`;
    return `${describePlace(place)}${commit}`;
  });
  return morePlaces === 0 ? lines : [...lines, `${morePlaces} more: see the report of the run`];
}

const SAID: Readonly<Record<FindingEventKind, string>> = {
  new: 'Found again.',
  reopened: 'Found again: it was fixed before.',
  verdict: 'The live check gave another answer.',
  fixed: 'Fixed: everything that held it was read, and it is not there any more.',
  accepted: 'Accepted.',
};

/** What a comment says of an event: our words, then foreign ones. */
export function commentParts({ kind, finding, run }: SafeFindingEvent): readonly IssueRow[] {
  const reason = kind === 'accepted' ? (finding.acceptance?.reason ?? '') : describeVerdict(finding);
  return reason === ''
    ? [[`${SAID[kind]} Run`, run]]
    : [
        [`${SAID[kind]} Run`, run],
        ['Reason', reason],
      ];
}

/** A row as Markdown. */
export function markdownRow([name, text]: IssueRow): string {
  return `**${name}**: ${codeSpan(text)}`;
}
