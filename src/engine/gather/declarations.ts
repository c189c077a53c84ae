import { createHash } from 'node:crypto';
import type { CollectContext, DeclarationCollector, DeclaredItem } from '../../collectors/contract.ts';
import { nestsDeeper } from '../../lib/text/nesting.ts';
import type { Artifact } from '../../model/artifact.ts';
import { gapOfBug } from '../../model/bug-gap.ts';
import type { Gap } from '../../model/gap.ts';
import type { Identity, PendingEdge } from '../../model/identity.ts';
import type { Target } from '../plan/contract.ts';
import type { Declared, DeclaredBefore } from './contract.ts';
import { type KeptFiles, type Run, take } from './run.ts';

/** Levels of nesting that no declaration has; recursive parsers would run out of stack far above. */
const DEEPEST = 200;

function tooDeep(path: string): Gap {
  return { reason: 'malformed', subject: path, message: `${path}: nested deeper than ${DEEPEST} levels` };
}

/**
 * Gives the kept files of a target to the collectors that read declarations. Returns what they declared where an
 * incremental run can use it again: where all files are objects of git.
 */
export async function readDeclarations(run: Run, target: Target): Promise<readonly Declared[]> {
  const context = run.input.contextOf(target);
  const all: Declared[] = [];
  for (const collector of run.declarations) {
    for (const [repository, files] of run.kept.get(collector.id) ?? []) {
      const key = {
        collector: collector.id,
        target: target.address.text,
        scope: `declarations ${repository}`.trimEnd(),
      };
      run.ledger.plan(key, 'declaring files', files.length);
      const id = nameFiles(run, collector, repository, files);
      const recalled = id && run.input.recallDeclared?.(target, id);
      const items = recalled ?? (await declareBounded(collector, context, files));
      if (id !== undefined) all.push({ ...id, items });
      for (const item of items) take(run, target, key, item);
      const missed = countMissed(items);
      const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
      run.ledger.scanned(key, Math.max(0, files.length - missed), bytes);
    }
  }
  return all;
}

/** How many files have a gap or were skipped. */
function countMissed(items: readonly DeclaredItem[]): number {
  const subjects = items.flatMap((item) => {
    if (item.kind === 'gap') return [item.gap.subject];
    return item.kind === 'skip' ? [item.skip.subject] : [];
  });
  return new Set(subjects).size;
}

/** Names files by their content; undefined where nobody asks, or where a file is in no object. */
function nameFiles(
  run: Run,
  { id: collector }: DeclarationCollector,
  repository: string,
  files: readonly Artifact[],
): Omit<Declared, 'items'> | undefined {
  if (run.input.recallDeclared === undefined) return undefined;
  const names: string[] = [];
  for (const { origin } of files) {
    if (origin.blob === undefined) return undefined;
    names.push(JSON.stringify([origin.path, origin.blob]));
  }
  return { collector, repository, files: createHash('sha256').update(names.sort().join()).digest('hex') };
}

/** Returns what files declare without a line in the ledger: these files only say what was there before. */
export async function declareAside(run: Run, target: Target, keptFiles: KeptFiles): Promise<DeclaredBefore> {
  const context = run.input.contextOf(target);
  const before: { identities: Identity[]; pending: PendingEdge[] } = { identities: [], pending: [] };
  for (const collector of run.declarations) {
    for (const files of keptFiles.get(collector.id)?.values() ?? []) {
      for (const item of await declareBounded(collector, context, files)) {
        if (item.kind === 'identity') before.identities.push(item.identity);
        if (item.kind === 'edge') before.pending.push(item.edge);
      }
    }
  }
  return before;
}

/** Turns files that could exhaust the stack of a recursive parser into gaps; the collector does not see them. */
async function declareBounded(
  collector: DeclarationCollector,
  context: CollectContext,
  files: readonly Artifact[],
): Promise<DeclaredItem[]> {
  const items: DeclaredItem[] = [];
  const given: Artifact[] = [];
  for (const file of files) {
    if (nestsDeeper(file.bytes, DEEPEST)) items.push({ kind: 'gap', scope: '', gap: tooDeep(file.origin.path) });
    else given.push(file);
  }
  return [...items, ...(await declareGuarded(collector, context, given))];
}

/** Turns files on which a collector fails into gaps, and calls it again with the others. */
async function declareGuarded(
  collector: DeclarationCollector,
  context: CollectContext,
  files: readonly Artifact[],
): Promise<DeclaredItem[]> {
  try {
    return await declare(collector, context, files);
  } catch (error) {
    const gapAt = (subject: string, cause: unknown): DeclaredItem => {
      return { kind: 'gap', scope: '', gap: gapOfBug('collector', collector.id, subject, cause) };
    };
    if (files.length < 2) return files.map(({ origin }) => gapAt(origin.path, error));
    const gaps: DeclaredItem[] = [];
    const sound: Artifact[] = [];
    for (const file of files) {
      const cause = await declare(collector, context, [file]).then(() => undefined, toFailure);
      if (cause === undefined) sound.push(file);
      else gaps.push(gapAt(file.origin.path, cause.error));
    }
    // Each alone is sound: they fail together.
    if (gaps.length === 0) return files.map(({ origin }) => gapAt(origin.path, error));
    return [...gaps, ...(await declareGuarded(collector, context, sound))];
  }
}

function toFailure(error: unknown): { readonly error: unknown } {
  return { error };
}

async function declare(
  collector: DeclarationCollector,
  context: CollectContext,
  files: readonly Artifact[],
): Promise<DeclaredItem[]> {
  const items: DeclaredItem[] = [];
  for await (const item of collector.collect(context, files)) items.push(item);
  return items;
}
