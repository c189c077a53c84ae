import type { Owner, Suppression } from '../model/finding.ts';
import type { JsonFinding } from '../model/json-report.ts';
import type { Confidence, Severity } from '../model/match.ts';
import type { VerdictState } from '../model/verdict.ts';

/** What can happen to a finding. */
export type FindingEventKind = 'new' | 'fixed' | 'reopened' | 'accepted' | 'verdict';
export type EventKind = FindingEventKind | 'night-ended' | 'coverage-failed';

/** Every kind of event, in the order of their weight for a person. */
export const EVENT_KINDS: readonly EventKind[] = [
  'new',
  'reopened',
  'verdict',
  'fixed',
  'accepted',
  'coverage-failed',
  'night-ended',
];

interface EventBase {
  /** Unique, and the same whenever the event is sent again. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
  /** Where a person reads on: an https address of the user's own. */
  readonly link?: string;
}

/** Something happened to a finding, which has the form of the JSON report. */
export interface FindingEvent extends EventBase {
  readonly kind: FindingEventKind;
  readonly finding: JsonFinding;
  readonly actor?: string;
}

/** Counts of a night. */
export interface NightSummary {
  readonly repositories: number;
  /** Repositories that were not read. */
  readonly failed: number;
  readonly new: number;
  readonly fixed: number;
  readonly reopened: number;
  /** Open findings by severity. */
  readonly open: Readonly<Partial<Record<Severity, number>>>;
}

export interface NightEnded extends EventBase {
  readonly kind: 'night-ended';
  readonly summary: NightSummary;
}

/** Something that should have been read was not. What it holds is unknown, not fixed. */
export interface CoverageFailed extends EventBase {
  readonly kind: 'coverage-failed';
  readonly scope: string;
  readonly reason: string;
  /** Not read since then: ISO 8601, UTC. */
  readonly since?: string;
}

export type OutputEvent = FindingEvent | NightEnded | CoverageFailed;

/** Every open finding at the end of a night, for receivers that compare whole states. */
export interface Snapshot {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** True only if every scope was read: what is missing may be closed. */
  readonly complete: boolean;
  readonly findings: readonly JsonFinding[];
}

/** What is to be told to one receiver. */
export interface Batch {
  readonly events: readonly OutputEvent[];
  readonly snapshot?: Snapshot;
}

/** A place, without its author. */
export interface PlaceView {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly repository?: string;
  readonly commit?: string;
  readonly url?: string;
}

/**
 * What receivers are told of a finding: named fields, cleaned and bounded. It has no place for the value of a secret.
 */
export interface FindingView {
  readonly id: string;
  readonly kind: JsonFinding['kind'];
  readonly ruleId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly score: number;
  readonly vector: string;
  readonly confidence: Confidence;
  readonly message: string;
  readonly remediation: string;
  readonly fingerprint?: string;
  readonly redacted?: string;
  readonly verdict?: { readonly state: VerdictState; readonly reason: string; readonly checkedAt?: string };
  readonly identityId?: string;
  readonly owasp: readonly string[];
  readonly owners: readonly Pick<Owner, 'name' | 'kind' | 'how'>[];
  readonly places: readonly PlaceView[];
  readonly morePlaces: number;
  readonly references: readonly string[];
  readonly acceptance?: Pick<Suppression, 'kind' | 'reason' | 'owner' | 'expires'>;
  /** Where a person reads on. */
  readonly link?: string;
}

export interface SafeFindingEvent extends Omit<FindingEvent, 'finding'> {
  readonly finding: FindingView;
}

/** Any other event, with cleaned texts. */
export type SafeEvent = SafeFindingEvent | Exclude<OutputEvent, FindingEvent>;

/** What an output is given: every text is cleaned and bounded, and no value of a secret is in it. */
export interface SafeBatch {
  readonly events: readonly SafeEvent[];
  readonly snapshot?: Omit<Snapshot, 'findings'> & { readonly findings: readonly FindingView[] };
}
