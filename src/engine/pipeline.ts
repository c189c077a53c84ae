import type { CollectContext, Collected, Collector, DeclarationCollector } from '../collectors/contract.ts';
import type { ConfirmedMatch } from '../detect/confirm.ts';
import { nestsDeeper } from '../lib/nesting.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Coverage, Gap } from '../model/gap.ts';
import type { Identity, PendingEdge } from '../model/identity.ts';
import { type Detected, type DetectStage, detectArtifact } from './detect-stage.ts';
import { Ledger, type LedgerKey } from './ledger.ts';
import type { Target } from './targets.ts';

/** What a long run reports while it goes. */
export interface Progress {
  readonly target: string;
  readonly planned: number;
  readonly scanned: number;
  readonly bytes: number;
  readonly matches: number;
}

/** Everything the volume part of a run gives: plain arrays from here on. */
export interface Harvest {
  readonly matches: ConfirmedMatch[];
  readonly identities: Identity[];
  readonly pending: PendingEdge[];
  readonly coverage: Coverage[];
}

/** What the volume part needs. */
export interface PipelineInput {
  readonly targets: readonly Target[];
  readonly collectors: readonly Collector[];
  readonly stage: DetectStage;
  readonly contextOf: (target: Target) => CollectContext;
  readonly onProgress?: (progress: Progress) => void;
}

interface Run extends Harvest {
  readonly input: PipelineInput;
  readonly ledger: Ledger;
  readonly declarations: readonly DeclarationCollector[];
  /** Files kept for the declaration collectors, by collector id, then repository. */
  readonly kept: Map<string, Map<string, Artifact[]>>;
  planned: number;
  scanned: number;
  bytes: number;
  /** Work since the event loop last had its turn. */
  sinceTurn: number;
}

/** Runs collectors, decoders and detection over all targets. One direction, no stage calls back. */
export async function harvest(input: PipelineInput): Promise<Harvest> {
  const declarations = input.collectors.filter((collector) => collector.reads === 'artifact');
  const lists = { matches: [], identities: [], pending: [], coverage: [] };
  const run: Run = {
    ...lists,
    input,
    ledger: new Ledger(),
    declarations,
    kept: new Map(),
    planned: 0,
    scanned: 0,
    bytes: 0,
    sinceTurn: 0,
  };
  for (const target of input.targets) {
    run.kept.clear();
    await collectTarget(run, target);
    await readDeclarations(run, target);
  }
  run.coverage.push(...run.ledger.close());
  return run;
}

async function collectTarget(run: Run, target: Target): Promise<void> {
  const context = run.input.contextOf(target);
  const keys = new ScopeKeys(target);
  for await (const item of target.collector.collect(context, target.address)) {
    const key = keys.of(item);
    if (item.kind !== 'artifact') take(run, key, item);
    else {
      const taken = takeArtifact(run, target, key, item.artifact);
      if (taken !== undefined) await taken;
    }
    if (context.signal?.aborted === true) return interrupt(run, key);
  }
}

/** One key object per scope of a target, so that the ledger knows the line of the last one at once. */
class ScopeKeys {
  readonly #target: Target;
  readonly #keys = new Map<string, LedgerKey>();

  constructor(target: Target) {
    this.#target = target;
  }

  of(item: Collected): LedgerKey {
    const scope = 'scope' in item ? item.scope : '';
    const found = this.#keys.get(scope);
    if (found !== undefined) return found;
    const key = { collector: this.#target.collector.id, target: this.#target.address.text, scope };
    this.#keys.set(scope, key);
    return key;
  }
}

function take(run: Run, key: LedgerKey, item: Exclude<Collected, { kind: 'artifact' }>): void {
  switch (item.kind) {
    case 'identity':
      run.identities.push(item.identity);
      return;
    case 'edge':
      run.pending.push(item.edge);
      return;
    case 'gap':
      run.ledger.gap(key, item.gap);
      return;
    case 'skip':
      run.ledger.skip(key, item.skip);
      return;
    case 'plan':
      run.planned += item.count;
      run.ledger.plan(key, item.unit, item.count, item.facts);
      return;
    case 'done':
      run.scanned += item.count;
      run.bytes += item.bytes;
      run.ledger.scanned(key, item.count, item.bytes);
  }
}

/** Gives a promise only where there is something to wait for. */
function takeArtifact(run: Run, target: Target, key: LedgerKey, artifact: Artifact): Promise<void> | undefined {
  keepForDeclarations(run, key, artifact);
  const found = detectArtifact(run.input.stage, artifact);
  if (found instanceof Promise) return found.then((late) => count(run, target, key, artifact, late));
  return count(run, target, key, artifact, found);
}

function count(
  run: Run,
  target: Target,
  key: LedgerKey,
  artifact: Artifact,
  found: Detected,
): Promise<void> | undefined {
  for (const gap of found.gaps) run.ledger.gap(key, gap, false);
  for (const match of found.matches) run.matches.push(match);
  const bytes = newBytes(artifact);
  if (found.state === 'binary') run.ledger.skip(key, { reason: 'binary', subject: artifact.origin.path });
  else run.ledger.scanned(key, 1, bytes);
  run.scanned += 1;
  run.bytes += bytes;
  report(run, target);
  return giveTurn(run, artifact.bytes.length);
}

/** Artifacts, or the same in units of `TURN_BYTES`, between two turns of the event loop. */
const TURN_EVERY = 64;
const TURN_BYTES = 64 * 1024;

/** Files are read synchronously, so without this neither Ctrl-C nor a time limit would be heard before the end. */
function giveTurn(run: Run, bytes: number): Promise<void> | undefined {
  run.sinceTurn += 1 + bytes / TURN_BYTES;
  if (run.sinceTurn < TURN_EVERY) return undefined;
  run.sinceTurn = 0;
  return new Promise((resume) => setImmediate(resume));
}

/** What of an artifact had not been scanned before as part of another one. */
function newBytes(artifact: Artifact): number {
  const { bytes, ranges } = artifact;
  return ranges === undefined ? bytes.length : ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

function report(run: Run, target: Target): void {
  const { planned, scanned, bytes, matches } = run;
  run.input.onProgress?.({ target: target.address.text, planned, scanned, bytes, matches: matches.length });
}

function interrupt(run: Run, key: LedgerKey): void {
  const message = 'the run was interrupted; what was not reached is not scanned';
  run.ledger.gap(key, { reason: 'timeout', subject: key.target, message, scope: true });
}

/** Declarations describe what is there now: history is scanned for secrets only. */
function keepForDeclarations(run: Run, key: LedgerKey, artifact: Artifact): void {
  const { origin } = artifact;
  if (origin.present !== true || (origin.part ?? 'content') !== 'content') return;
  for (const collector of run.declarations) {
    if (!collector.accepts(origin.path) || collector.sniff?.(artifact.bytes) === false) continue;
    const byRepository = run.kept.get(collector.id) ?? new Map<string, Artifact[]>();
    run.kept.set(collector.id, byRepository);
    const files = byRepository.get(origin.repository ?? '') ?? [];
    byRepository.set(origin.repository ?? '', files);
    if (files.length < DECLARATION_FILES) files.push({ origin, bytes: artifact.bytes.slice() });
    else run.ledger.gap({ ...key, collector: collector.id }, tooMany(origin.path));
  }
}

/** Most files one declaration collector gets per repository. */
const DECLARATION_FILES = 20_000;

function tooMany(path: string): Gap {
  return { reason: 'limit', subject: path, message: `${path}: more than ${DECLARATION_FILES} files of its kind` };
}

/** Levels of nesting that no declaration has; recursive parsers would run out of stack far above. */
const DEEPEST = 200;

function tooDeep(path: string): Gap {
  return { reason: 'malformed', subject: path, message: `${path}: nested deeper than ${DEEPEST} levels` };
}

async function readDeclarations(run: Run, target: Target): Promise<void> {
  const context = run.input.contextOf(target);
  for (const collector of run.declarations) {
    for (const [repository, files] of run.kept.get(collector.id) ?? []) {
      const key = {
        collector: collector.id,
        target: target.address.text,
        scope: `declarations ${repository}`.trimEnd(),
      };
      run.ledger.plan(key, 'declaring files', files.length);
      const missed = await declareBounded(run, key, collector, context, files);
      const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
      run.ledger.scanned(key, Math.max(0, files.length - missed), bytes);
    }
  }
}

/** Files that could run a recursive parser out of stack become gaps and are not given to it. */
async function declareBounded(
  run: Run,
  key: LedgerKey,
  collector: DeclarationCollector,
  context: CollectContext,
  files: readonly Artifact[],
): Promise<number> {
  const given: Artifact[] = [];
  for (const file of files) {
    if (nestsDeeper(file.bytes, DEEPEST)) run.ledger.gap(key, tooDeep(file.origin.path));
    else given.push(file);
  }
  return files.length - given.length + (await declare(run, key, collector, context, given));
}

async function declare(
  run: Run,
  key: LedgerKey,
  collector: DeclarationCollector,
  context: CollectContext,
  files: readonly Artifact[],
): Promise<number> {
  let missed = 0;
  for await (const item of collector.collect(context, files)) {
    if (item.kind === 'identity' || item.kind === 'edge') take(run, key, item);
    if (item.kind !== 'gap' && item.kind !== 'skip') continue;
    missed += 1;
    take(run, key, item);
  }
  return missed;
}
