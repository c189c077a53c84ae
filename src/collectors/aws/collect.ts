import { resolve } from 'node:path';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { recordingSteps } from './endpoints.ts';
import { recordsOf } from './json.ts';
import { type OpenRecording, readRecording } from './recorded.ts';

/** What a principal costs, in bytes of a history that take as long. */
const BYTES_PER_PRINCIPAL = 8 * 1024;

/** Reads a recording (`dump:<folder>`). For a live account it throws `UsageError`, which says how to record one. */
export async function* collectRecording(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  if (address.scheme !== 'dump') throw new UsageError(recordingSteps());
  const recording = await readRecording(resolve(context.cwd, address.value), context.signal);
  yield { kind: 'ahead', bytes: BYTES_PER_PRINCIPAL * countPrincipals(recording), artifacts: false };
  // What judges them takes a while to load, and other threads start meanwhile.
  const { collectIdentities } = await import('./identities.ts');
  yield* collectIdentities(context, recording);
}

function countPrincipals({ pages: { details } }: OpenRecording): number {
  const lists = details.flatMap((page) => [page['UserDetailList'], page['RoleDetailList']]);
  return lists.reduce<number>((sum, list) => sum + recordsOf(list).length, 0);
}
