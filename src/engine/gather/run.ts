import type { CollectContext, Collector, DeclarationCollector } from '../../collectors/contract.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Identity } from '../../model/identity.ts';
import type { DetectStage, Progress, Target } from '../plan/contract.ts';
import type { Harvest, Memory } from './contract.ts';
import type { Examined, Examiner, Outcome } from './examine.ts';
import type { KeptFile } from './keep-file.ts';
import { Ledger, type LedgerKey } from './ledger.ts';
import type { OpenCondensing } from './parallel/condensing.ts';
import type { Threads } from './parallel/threads.ts';

/** What the volume part needs. */
export interface PipelineInput extends Memory {
  readonly targets: readonly Target[];
  readonly collectors: readonly Collector[];
  readonly stage: DetectStage;
  readonly contextOf: (target: Target) => CollectContext;
  /** Most files that one declaration collector gets of a repository. */
  readonly declarationFiles: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Threads that may help with work that is shared; absent: none. */
  readonly threads?: Threads;
  /** Threads that condense large files; absent: none. */
  readonly condensing?: OpenCondensing;
}

/** A run under way. */
export interface Run extends Harvest {
  readonly input: PipelineInput;
  readonly ledger: Ledger;
  readonly examiner: Examiner;
  readonly declarations: readonly DeclarationCollector[];
  readonly kept: KeptFiles;
  planned: number;
  scanned: number;
  bytes: number;
  /** Work since the event loop last had its turn. */
  sinceTurn: number;
}

/** Begins a run. */
export function startRun(input: PipelineInput, examiner: Examiner, declarations: readonly DeclarationCollector[]): Run {
  const lists = { matches: [], identities: [], pending: [], coverage: [], reads: new Map() };
  const counts = { planned: 0, scanned: 0, bytes: 0, sinceTurn: 0 };
  return { ...lists, ...counts, input, examiner, declarations, ledger: new Ledger(), kept: new Map() };
}

/** Enters what became of an item into the ledger and the lists of a run. */
export function take(run: Run, target: Target, key: LedgerKey, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'examined':
      takeExamined(run, target, key, outcome);
      return;
    case 'identity':
      run.identities.push(outcome.identity);
      if (outcome.identity.moreGrants !== undefined) run.ledger.gap(key, grantsLeftOut(outcome.identity), false);
      return;
    case 'edge':
      run.pending.push(outcome.edge);
      return;
    case 'gap':
      run.ledger.gap(key, outcome.gap);
      return;
    case 'skip':
      run.ledger.skip(key, outcome.skip);
      return;
    case 'plan':
      run.planned += outcome.count;
      if (outcome.bytes !== undefined) tell(run, target, 'reading', outcome.bytes);
      run.ledger.plan(key, outcome.unit, outcome.count, outcome.facts);
      return;
    case 'done':
      run.ledger.scanned(key, outcome.count, outcome.bytes);
      advance(run, target, outcome.count, outcome.bytes);
  }
}

function grantsLeftOut({ type, name, grants, moreGrants = 0 }: Identity): Gap {
  const kept = `${grants.length} permissions are kept`;
  const message = `${type} ${name}: ${moreGrants} of its permissions, trusted principals or conditions are beyond a limit or too long to be read (${kept}); split the policy`;
  return { reason: 'limit', subject: name, message };
}

function takeExamined(run: Run, target: Target, key: LedgerKey, examined: Examined): void {
  const { binary, bytes, matches, gaps, kept } = examined;
  if (kept !== undefined) keepForDeclarations(run, key, kept);
  for (const gap of gaps) run.ledger.gap(key, gap, false);
  for (const match of matches) run.matches.push(match);
  run.ledger.scanned(key, 1, bytes);
  if (binary) run.ledger.binary(key, bytes);
  advance(run, target, 1, bytes);
}

function advance(run: Run, target: Target, count: number, bytes: number): void {
  run.scanned += count;
  run.bytes += bytes;
  tell(run, target, 'reading');
}

/** Reports progress. `coming`: bytes that are read next. */
export function tell(run: Run, target: Target, phase: Progress['phase'], coming = 0): void {
  const { planned, scanned, bytes, matches } = run;
  const counts = { planned, scanned, bytes, coming, matches: matches.length };
  run.input.onProgress?.({ phase, target: target.address.text, ...counts });
}

/** Files for the declaration collectors, by collector id, then repository. */
export type KeptFiles = Map<string, Map<string, Artifact[]>>;

/** Keeps a file of a target for the declaration collectors that want it. */
export function keepForDeclarations(run: Run, key: LedgerKey, file: KeptFile, files: KeptFiles = run.kept): void {
  const { origin, collectors } = file;
  for (const collector of collectors) {
    const byRepository = files.get(collector) ?? new Map<string, Artifact[]>();
    files.set(collector, byRepository);
    const list = byRepository.get(origin.repository ?? '') ?? [];
    byRepository.set(origin.repository ?? '', list);
    const bytes = file.shorter?.[collector] ?? file.bytes;
    if (list.length < run.input.declarationFiles) list.push({ origin, bytes });
    else run.ledger.gap({ ...key, collector }, tooMany(origin.path, run.input.declarationFiles));
  }
}

function tooMany(path: string, limit: number): Gap {
  const message = `${path}: more than ${limit} files of its kind; raise "declaration-files" under "limits" to read them`;
  return { reason: 'limit', subject: path, message };
}

/** Artifacts, or the same in units of `TURN_BYTES`, between two turns of the event loop. */
const TURN_EVERY = 64;
const TURN_BYTES = 64 * 1024;

/**
 * Lets the event loop run now and then. Files are read synchronously, so Ctrl-C, a time limit or another thread would
 * not be heard before the end. `bytes`: the size of the artifact that was examined.
 */
export function giveTurn(run: Run, bytes: number): Promise<void> | undefined {
  run.sinceTurn += 1 + bytes / TURN_BYTES;
  if (run.sinceTurn < TURN_EVERY) return undefined;
  run.sinceTurn = 0;
  return new Promise((resume) => setImmediate(resume));
}

/** Says in the ledger that a target was not read to its end. */
export function interrupt(run: Run, key: LedgerKey): void {
  const message = 'the run was interrupted; what was not reached is not scanned';
  run.ledger.gap(key, { reason: 'timeout', subject: key.target, message, scope: true });
}

/** Makes one key object for each scope of a target, so that the ledger can compare keys by identity. */
export class ScopeKeys {
  readonly #target: Target;
  readonly #keys = new Map<string, LedgerKey>();

  constructor(target: Target) {
    this.#target = target;
  }

  of(item: Outcome | { readonly kind: string; readonly scope?: string }): LedgerKey {
    const scope = ('scope' in item ? item.scope : '') ?? '';
    const existing = this.#keys.get(scope);
    if (existing !== undefined) return existing;
    const key = { collector: this.#target.collector.id, target: this.#target.address.text, scope };
    this.#keys.set(scope, key);
    return key;
  }
}
