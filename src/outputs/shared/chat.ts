import { defined } from '../../lib/fields/defined.ts';
import { cutText } from '../../lib/text/escape.ts';
import type { SafeEvent, SafeFindingEvent } from '../event.ts';
import { isFindingEvent } from './view.ts';
import {
  countKinds,
  countSeverities,
  describeOther,
  describeOwners,
  describePlaces,
  describeVerdict,
  KIND_WORDS,
  worstFirst,
} from './words.ts';

/** Findings that a message lists; of more it gives the counts and the worst. */
export const MOST_LISTED = 25;
const WORST_LISTED = 10;
const OTHERS_LISTED = 10;
const LINE = { head: 120, detail: 240 } as const;

/** One line of a message: plain text, which the receiver's form must not read as markup. */
export interface ChatLine {
  readonly head: string;
  readonly detail: string;
  /** Address of the line; already safe. */
  readonly link?: string;
}

/** What a chat shows: our own words and plain lines. */
export interface ChatMessage {
  readonly heading: string;
  readonly lines: readonly ChatLine[];
  /** What was left out of the lines; empty where nothing was. */
  readonly foot: string;
}

/** One message about events: every finding up to 25, else the counts and the worst ten. */
export function composeChat(events: readonly SafeEvent[]): ChatMessage {
  const findings = worstFirst(events.filter(isFindingEvent));
  const others = events.filter((event) => !isFindingEvent(event));
  const listed = findings.slice(0, findings.length > MOST_LISTED ? WORST_LISTED : MOST_LISTED);
  const shownOthers = others.slice(0, OTHERS_LISTED);
  const lines = [
    ...(findings.length > MOST_LISTED ? [summaryLine(findings)] : []),
    ...listed.map(findingLine),
    ...shownOthers.flatMap((event) => (isFindingEvent(event) ? [] : [otherLine(event)])),
  ];
  const left = findings.length - listed.length + others.length - shownOthers.length;
  const counts = findings.length === 0 ? '' : `: ${countKinds(findings)}`;
  return { heading: `Bowerbird${counts}`, lines, foot: describeLeft(left) };
}

/** What stands below a message that does not show all. */
export function describeLeft(count: number): string {
  return count === 0 ? '' : `${count} more not shown here: see the report of the run.`;
}

/** The message with fewer lines, for a receiver that takes no larger ones. */
export function shorten(message: ChatMessage, lines: number): ChatMessage {
  const left = Number(/^\d+/.exec(message.foot)?.[0] ?? 0) + message.lines.length - lines;
  return { ...message, lines: message.lines.slice(0, lines), foot: describeLeft(left) };
}

/** The largest form of a message that `fits`; lines go from the end, and the foot counts them. */
export function fitChat(message: ChatMessage, fits: (message: ChatMessage) => boolean): ChatMessage {
  let fitting = message;
  while (fitting.lines.length > 0 && !fits(fitting)) fitting = shorten(message, fitting.lines.length - 1);
  return fitting;
}

function summaryLine(findings: readonly SafeFindingEvent[]): ChatLine {
  const worst = `The worst ${WORST_LISTED}, each with its id:`;
  return { head: `${findings.length} findings changed`, detail: `${countSeverities(findings)}. ${worst}` };
}

/** Some clients make a link of what looks like an address. */
function defuse(text: string): string {
  return text.replaceAll('://', '[:]//');
}

function findingLine({ kind, finding, link }: SafeFindingEvent): ChatLine {
  const { id, severity, title } = finding;
  const verdict = describeVerdict(finding);
  const owners = describeOwners(finding);
  const details = [
    cutText(describePlaces(finding), LINE.detail),
    ...(verdict === '' ? [] : [cutText(verdict, LINE.head)]),
    ...(owners === '' ? [] : [cutText(`owner: ${owners}`, LINE.head)]),
    `id ${id}`,
  ];
  const address = link ?? finding.link;
  const said = `${KIND_WORDS[kind]} ${severity === 'none' ? '' : `${severity} `}- ${title}`;
  const head = defuse(cutText(said, LINE.head));
  return { head, detail: defuse(details.join(' | ')), ...defined({ link: address }) };
}

function otherLine(event: Exclude<SafeEvent, SafeFindingEvent>): ChatLine {
  const { link } = event;
  const head = event.kind === 'night-ended' ? 'Night' : 'Coverage';
  const detail = defuse(cutText(describeOther(event), 2 * LINE.detail));
  return { head, detail, ...defined({ link }) };
}
