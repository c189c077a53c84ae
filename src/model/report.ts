import type { Finding, Suppression } from './finding.ts';
import type { Coverage } from './gap.ts';
import type { Edge, Identity } from './identity.ts';
import type { Severity } from './match.ts';

export const SCHEMA_VERSION = '1.1.0';

/** An ignore or baseline entry that did nothing, or no longer applies. */
export interface StaleEntry {
  readonly source: string;
  readonly entry: string;
  readonly problem: 'unused' | 'expired' | 'expires-soon';
  readonly suppression?: Suppression;
}

/** Counts of posture results per rule, so that "not assessed" is never mistaken for "pass". */
export interface PostureCount {
  readonly ruleId: string;
  readonly fail: number;
  readonly pass: number;
  readonly notAssessed: number;
}

export type RunState = 'clean' | 'findings' | 'incomplete';

export interface Summary {
  readonly state: RunState;
  readonly exitCode: number;
  /** Findings that count (not suppressed), by severity. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly suppressed: number;
  readonly placeholders: number;
  readonly gaps: number;
  readonly identities: number;
  readonly edges: number;
  readonly rules: number;
  readonly postureRules: number;
  readonly posture: readonly PostureCount[];
  readonly staleEntries: readonly StaleEntry[];
  readonly notes: readonly string[];
}

/** Everything one run found: the single input of every reporter. */
export interface Report {
  readonly schemaVersion: string;
  readonly tool: { readonly name: string; readonly version: string; readonly rulesHash: string };
  readonly run: { readonly started: string; readonly finished: string; readonly targets: readonly string[] };
  readonly coverage: readonly Coverage[];
  readonly findings: readonly Finding[];
  readonly identities: readonly Identity[];
  readonly edges: readonly Edge[];
  readonly summary: Summary;
}
