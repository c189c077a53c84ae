import type { Severity } from '../model/match.ts';
import type { LeftOut, Output, OutputParts, OutputSettings } from './contract.ts';
import type { Batch, OutputEvent, SafeBatch } from './event.ts';
import { deliverHttp } from './shared/deliver.ts';
import { viewEvent, viewFinding } from './shared/view.ts';

const RANKS: Readonly<Record<Severity, number>> = { none: 0, low: 1, medium: 2, high: 3, critical: 4 };

/**
 * Makes an output of its parts. Events that the user does not want are left out, what is rendered is made safe first,
 * and HTTP is how it delivers unless it says how.
 */
export function defineOutput(parts: OutputParts): Output {
  return {
    ...parts,
    render: (batch, settings) => {
      const { wanted, left } = chooseEvents(batch.events, parts, settings);
      const rendered = parts.render(makeSafe({ ...batch, events: wanted }), settings);
      return { requests: rendered.requests, left: [...left, ...rendered.left] };
    },
    deliver: parts.deliver ?? ((request, port) => deliverHttp(request, port, parts.advice ?? {})),
  };
}

function chooseEvents(events: readonly OutputEvent[], parts: OutputParts, settings: OutputSettings) {
  const kinds = new Set(settings.events ?? parts.tells);
  const lowest = RANKS[settings['min-severity'] ?? parts.lowest ?? 'none'];
  const wanted: OutputEvent[] = [];
  const left: LeftOut[] = [];
  for (const event of events) {
    if (!kinds.has(event.kind)) left.push({ event: event.id, reason: `this output does not tell "${event.kind}"` });
    else if ('finding' in event && RANKS[event.finding.severity] < lowest) {
      left.push({ event: event.id, reason: 'its severity is below min-severity' });
    } else wanted.push(event);
  }
  return { wanted, left };
}

function makeSafe({ events, snapshot }: Batch): SafeBatch {
  const safe = { events: events.map(viewEvent) };
  if (snapshot === undefined) return safe;
  const { run, at, complete } = snapshot;
  return {
    ...safe,
    snapshot: { run, at, complete, findings: snapshot.findings.map((finding) => viewFinding(finding)) },
  };
}
