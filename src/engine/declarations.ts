import type { CollectContext, DeclarationCollector } from '../collectors/contract.ts';
import { nestsDeeper } from '../lib/nesting.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Gap } from '../model/gap.ts';
import type { LedgerKey } from './ledger.ts';
import { type Run, take } from './run.ts';
import type { Target } from './targets.ts';

/** Levels of nesting that no declaration has; recursive parsers would run out of stack far above. */
const DEEPEST = 200;

function tooDeep(path: string): Gap {
  return { reason: 'malformed', subject: path, message: `${path}: nested deeper than ${DEEPEST} levels` };
}

/** Gives the files of a target that were kept to the collectors that read declarations. */
export async function readDeclarations(run: Run, target: Target): Promise<void> {
  const context = run.input.contextOf(target);
  for (const collector of run.declarations) {
    for (const [repository, files] of run.kept.get(collector.id) ?? []) {
      const key = {
        collector: collector.id,
        target: target.address.text,
        scope: `declarations ${repository}`.trimEnd(),
      };
      run.ledger.plan(key, 'declaring files', files.length);
      const missed = await declareBounded({ run, target, key, collector, context }, files);
      const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
      run.ledger.scanned(key, Math.max(0, files.length - missed), bytes);
    }
  }
}

interface Declaring {
  readonly run: Run;
  readonly target: Target;
  readonly key: LedgerKey;
  readonly collector: DeclarationCollector;
  readonly context: CollectContext;
}

/** Files that could run a recursive parser out of stack become gaps and are not given to it. */
async function declareBounded(declaring: Declaring, files: readonly Artifact[]): Promise<number> {
  const { run, key } = declaring;
  const given: Artifact[] = [];
  for (const file of files) {
    if (nestsDeeper(file.bytes, DEEPEST)) run.ledger.gap(key, tooDeep(file.origin.path));
    else given.push(file);
  }
  return files.length - given.length + (await declare(declaring, given));
}

async function declare(declaring: Declaring, files: readonly Artifact[]): Promise<number> {
  const { run, target, key, collector, context } = declaring;
  let missed = 0;
  for await (const item of collector.collect(context, files)) {
    if (item.kind === 'identity' || item.kind === 'edge') take(run, target, key, item);
    if (item.kind !== 'gap' && item.kind !== 'skip') continue;
    missed += 1;
    take(run, target, key, item);
  }
  return missed;
}
