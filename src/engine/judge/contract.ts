import type { ConfirmedMatch } from '../../detect/confirm.ts';
import type { Finding } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Edge, Identity } from '../../model/identity.ts';
import type { PostureCount, StaleEntry } from '../../model/report.ts';

/** What a run found, joined and scored. */
export interface Found {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly identities: readonly Identity[];
  readonly edges: readonly Edge[];
  /** One count per posture rule, also where nothing applied. */
  readonly posture: readonly PostureCount[];
  /** What plug-ins of judging failed at, and what limits kept from being joined. */
  readonly coverage: readonly Coverage[];
}

/** What a run found, and what accepted it. */
export interface Judged extends Found {
  /** Matches that the pack asks for: the others belong to other packs. */
  readonly matches: readonly ConfirmedMatch[];
  readonly staleEntries: readonly StaleEntry[];
  readonly notes: readonly string[];
}
