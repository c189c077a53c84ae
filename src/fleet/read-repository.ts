import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gathered } from '../engine/gather/contract.ts';
import { gather } from '../engine/gather/gather.ts';
import { judge } from '../engine/judge/judge.ts';
import { report } from '../engine/judge/report.ts';
import type { ScanContext, ScanOptions } from '../engine/plan/contract.ts';
import { makePlan } from '../engine/plan/make-plan.ts';
import type { SealedGathered } from '../engine/seal/contract.ts';
import { sealGathered } from '../engine/seal/seal.ts';
import { readTreeFile } from '../lib/files/tree-file.ts';
import type { Coverage } from '../model/gap.ts';

/** Bytes. A larger state is not kept: the next run reads everything. */
const LARGEST_STATE = 256 * 1024 * 1024;

/** What a night asks of every repository alike: the policy is the organisation's, never the repository's own. */
export type NightOptions = Pick<ScanOptions, 'pack' | 'only' | 'except' | 'rules' | 'config' | 'noConfig' | 'exposure'>;

/** A mirror to read. */
export interface RepositoryWork {
  /** The bare mirror, absolute. */
  readonly mirror: string;
  /** What a report calls it: its address without credentials. */
  readonly address: string;
  /** What the last complete run left. Absent: everything is read. */
  readonly state?: Uint8Array;
}

/** What one repository contributes to the picture of the organisation. */
export interface RepositoryRead {
  readonly sealed: SealedGathered;
  /** What the next run begins with. Absent: that run reads everything. */
  readonly state?: Uint8Array;
  readonly coverage: readonly Coverage[];
}

/** Where a worker runs. */
export interface WorkerPlace {
  readonly context: ScanContext;
  readonly options: NightOptions;
  /** A folder for files that live as long as one repository is read. Nobody else may write there. */
  readonly scratch: string;
}

/**
 * Reads what is new in the history of a mirror, beside what is known of it, and takes every raw value out.
 * @throws UsageError, ConfigError for what is wrong with the options; trouble with the repository is coverage
 */
export async function readRepository(work: RepositoryWork, place: WorkerPlace): Promise<RepositoryRead> {
  const folder = await mkdtemp(join(place.scratch, 'read-'));
  try {
    const file = join(folder, 'state.json');
    if (work.state !== undefined) await writeFile(file, work.state, { mode: 0o600 });
    const sealed = await gatherMirror(work, place, file);
    const written = readTreeFile(file, LARGEST_STATE);
    return { sealed, coverage: sealed.coverage, ...(written.state === 'read' && { state: written.bytes }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function gatherMirror(work: RepositoryWork, place: WorkerPlace, state: string): Promise<SealedGathered> {
  const { context, options } = place;
  const targets = [`git:${work.mirror}`];
  const plan = await makePlan({ ...options, targets, root: context.cwd, incremental: true, state }, context);
  const gathered = await gather(plan);
  // The report itself is nobody's: making it writes the state, which needs to know the findings.
  report(plan, gathered, await judge(plan, gathered));
  return sealGathered(plan, nameTarget(gathered, work));
}

/** Says the address wherever coverage says the mirror: where that lies means nothing elsewhere. */
function nameTarget({ harvest, notes }: Gathered, { mirror, address }: RepositoryWork): Gathered {
  const say = (text: string): string => text.replaceAll(mirror, address);
  const coverage = harvest.coverage.map((line) => ({
    ...line,
    target: address,
    gaps: line.gaps.map((gap) => ({ ...gap, subject: say(gap.subject), message: say(gap.message) })),
  }));
  return { harvest: { ...harvest, coverage }, notes };
}
