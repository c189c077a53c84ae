import aws from '../../src/collectors/aws/index.ts';
import type { CollectContext } from '../../src/collectors/contract.ts';
import type { Gap } from '../../src/model/gap.ts';
import type { Identity, PendingEdge } from '../../src/model/identity.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { evaluatePosture } from '../../src/posture/evaluate.ts';
import { operators } from '../../src/posture/operators/index.generated.ts';
import { builtIn } from '../rules/built-in.ts';
import { readItems } from './read-items.ts';

const NOW = new Date('2026-11-22T00:00:00Z');

/** What a recording of an AWS account brings. */
export interface Recorded {
  readonly identities: readonly Identity[];
  readonly edges: readonly PendingEdge[];
  readonly gaps: readonly Gap[];
}

/** Reads a recording. */
export async function readDump(folder: string): Promise<Recorded> {
  const [identities, edges, gaps] = [[] as Identity[], [] as PendingEdge[], [] as Gap[]];
  const context = { cwd: folder } as CollectContext;
  for await (const item of readItems(aws.collect(context, { scheme: 'dump', value: '.', text: 'dump:.' }))) {
    if (item.kind === 'identity') identities.push(item.identity);
    else if (item.kind === 'edge') edges.push(item.edge);
    else if (item.kind === 'gap') gaps.push(item.gap);
  }
  return { identities, edges, gaps };
}

/** Which built-in posture rules fail for a recording: `rule id: name`, sorted. */
export async function failuresInDump(folder: string): Promise<readonly string[]> {
  const { identities } = await readDump(folder);
  const options = { now: NOW, thresholds: DEFAULT_THRESHOLDS };
  const { failures } = evaluatePosture(builtIn.posture, identities, operators, options);
  return failures.map(({ rule, identity }) => `${rule.id}: ${identity.name}`).sort();
}
