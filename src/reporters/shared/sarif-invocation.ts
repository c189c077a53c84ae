import type { Invocation, Notification } from 'sarif';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Coverage, Gap } from '../../model/gap.ts';
import type { Report } from '../../model/report.ts';
import { countOf, describeOutcome, describeQuiet } from './words.ts';

const MOST_NOTIFICATIONS = 200;

interface Note {
  readonly id: string;
  readonly level: 'note' | 'warning' | 'error';
  readonly text: string;
}

/**
 * How the run went: successful only if all of it was read, with a notification for each gap. `cut` is the number of
 * results beyond the limit.
 */
export function describeInvocation(report: Report, cut: number): Invocation {
  const notes = cutNotes([...ownNotes(report, cut), ...gapNotes(report)]);
  return {
    executionSuccessful: report.summary.state !== 'incomplete',
    exitCode: report.summary.exitCode,
    startTimeUtc: report.run.started,
    endTimeUtc: report.run.finished,
    toolExecutionNotifications: notes.map(notification),
  };
}

/** The last of a cut list says how many it lacks. */
function cutNotes(notes: readonly Note[]): readonly Note[] {
  if (notes.length <= MOST_NOTIFICATIONS) return notes;
  const kept = notes.slice(0, MOST_NOTIFICATIONS - 1);
  const text = `${notes.length - kept.length} more notifications are left out; the JSON report lists them.`;
  return [...kept, { id: 'run/limit', level: 'warning', text }];
}

function notification({ id, level, text }: Note): Notification {
  return { descriptor: { id }, level, message: { text: cleanText(text) } };
}

function ownNotes(report: Report, cut: number): Note[] {
  const level = report.summary.state === 'incomplete' ? 'error' : 'note';
  const notes: Note[] = [{ id: 'run/outcome', level, text: describeOutcome(report) }];
  const quiet = describeQuiet(report);
  if (quiet !== '') notes.push({ id: 'run/not-counted', level: 'note', text: `Not among the results: ${quiet}.` });
  if (cut > 0) {
    const text = `${countOf(cut, 'result')} of the lowest severity left out: code scanning keeps 5,000.`;
    notes.push({ id: 'run/limit', level: 'warning', text });
  }
  return notes;
}

function gapNotes(report: Report): Note[] {
  return report.coverage.flatMap((line) => [...line.gaps.map((gap) => gapNote(line, gap)), ...moreNote(line)]);
}

function gapNote(line: Coverage, gap: Gap): Note {
  const text = `${line.target} ${line.scope}: ${gap.message} (${gap.subject})`;
  return { id: `gap/${gap.reason}`, level: gap.scope === true ? 'error' : 'warning', text };
}

function moreNote(line: Coverage): Note[] {
  if (line.moreGaps === 0) return [];
  return [
    { id: 'gap/more', level: 'warning', text: `${line.target} ${line.scope}: ${countOf(line.moreGaps, 'more gap')}.` },
  ];
}
