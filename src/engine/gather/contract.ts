import type { Checkpoint } from '../../collectors/abilities.ts';
import type { AgainPlace } from '../../collectors/collected.ts';
import type { DeclaredItem } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Finding } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Identity, PendingEdge } from '../../model/identity.ts';
import type { Plan, Target } from '../plan/contract.ts';

/** What files of one repository declare, as one collector reads them. */
export interface Declared {
  readonly collector: string;
  readonly repository: string;
  /** Hash of the paths and object ids of the files: the same files declare the same. */
  readonly files: string;
  readonly items: readonly DeclaredItem[];
}

/** What an earlier run read in the same files of a target; undefined where they have to be read. */
export type RecallDeclared = (target: Target, files: Omit<Declared, 'items'>) => readonly DeclaredItem[] | undefined;

/** What an earlier run found at places of an artifact; undefined where it has to be scanned to tell. */
export type Recall = (artifact: Artifact, again: readonly AgainPlace[]) => ConfirmedMatch[] | undefined;

/** What earlier runs know, so that gathering need not find it out again. Empty in a run that is not incremental. */
export interface Memory {
  readonly recall?: Recall;
  readonly recallDeclared?: RecallDeclared;
}

/** Everything that the collectors and the detection stage brought: plain arrays from here on. */
export interface Harvest {
  readonly matches: ConfirmedMatch[];
  readonly identities: Identity[];
  readonly pending: PendingEdge[];
  readonly coverage: Coverage[];
  /** What came of each target, by its text. */
  readonly reads: Map<string, TargetRead>;
}

/** Which of the matches a target brought, from the first to before the last, and how far it was read. */
export interface TargetRead {
  readonly from: number;
  readonly to: number;
  readonly checkpoint?: Checkpoint;
  /** Of a target that is about changes: what was declared before them. */
  readonly before?: DeclaredBefore;
  /** What its files declare, in an incremental run. */
  readonly declared: readonly Declared[];
}

/** What was declared before the changes that a target is about. */
export interface DeclaredBefore {
  readonly identities: readonly Identity[];
  readonly pending: readonly PendingEdge[];
}

/** Keeps secrets out of a state that is written for the next run. */
export interface StateMask {
  /** Takes the values of matches out of a text. */
  readonly mask: (text: string) => string;
  /** Whether any text below a value holds a secret. */
  readonly holdsSecret: (value: unknown) => boolean;
}

/** Findings that know whether an earlier run had them, and what is to be said about the states. */
export interface Remembered {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** What gathering returns. Judging it needs none of the targets. */
export interface Gathered {
  readonly harvest: Harvest;
  readonly notes: readonly string[];
  /** Writes what the next run needs, once the findings are judged. Absent: the run is not incremental. */
  readonly remember?: (findings: readonly Finding[], mask: StateMask) => Remembered;
}

/** Reads the targets of a plan. */
export type Gather = (plan: Plan, memory: Memory) => Promise<Gathered>;
