import { resolve } from 'node:path';
import { Interrupted } from '../../../clients/shared/transport.ts';
import type { Address } from '../../../model/address.ts';
import { UsageError } from '../../../model/errors.ts';
import type { Gap } from '../../../model/gap.ts';
import type { CollectContext, Collected } from '../../contract.ts';
import { createDump, type Dump, type DumpManifest, type DumpWriter, openDump } from '../recording.ts';

/** Scope of gaps that belong to no endpoint. */
const CONNECTION = 'connection';

/** A run that can start, or the reason why nothing can be read. */
export type Session<R> = { readonly run: R } | { readonly gap: Gap };

/**
 * Opens a session and reads with its run. If the session cannot start, or the user aborts the run, the result is one
 * gap of the whole scope `connection`.
 */
export async function* collectSession<R>(
  context: CollectContext,
  address: Address,
  open: (context: CollectContext, address: Address) => Promise<Session<R>>,
  read: (run: R) => AsyncIterable<Collected>,
): AsyncGenerator<Collected> {
  try {
    if (context.signal?.aborted === true) throw new Interrupted('aborted');
    const session = await open(context, address);
    if ('gap' in session) yield { kind: 'gap', scope: CONNECTION, gap: session.gap };
    else yield* read(session.run);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const message = 'the run was interrupted; what was not reached was not read';
    const gap = { reason: 'timeout', subject: address.text, message, scope: true } as const;
    yield { kind: 'gap', scope: CONNECTION, gap };
  }
}

/** The gap for a target of which nothing can be read. `why` ends the sentence and says what to do. */
export function nothingRead(address: Address, why: string, reason: Gap['reason'] = 'unsupported'): Gap {
  return { reason, subject: address.text, message: `${address.text} was not read: ${why}`, scope: true };
}

/** Returns the endpoint ids of the option `skip`, which is a list, or a text with commas. */
export function skippedEndpoints(context: CollectContext): ReadonlySet<string> {
  const { skip } = context.options;
  const list = typeof skip === 'string' ? skip.split(',') : Array.isArray(skip) ? skip.map(String) : [];
  return new Set(list.map((name) => name.trim()).filter((name) => name !== ''));
}

/**
 * Starts the recording that the option `record` names. Returns undefined without that option.
 * @throws UsageError if the folder is not empty
 */
export async function openRecorder(
  context: CollectContext,
  head: Pick<DumpManifest, 'collector' | 'target' | 'facts'>,
): Promise<DumpWriter | undefined> {
  const folder = context.options['record'];
  if (typeof folder !== 'string' || folder === '') return undefined;
  return createDump(resolve(context.cwd, folder), { ...head, version: 1, recordedAt: context.now.toISOString() });
}

/**
 * Opens the dump that an address `dump:<folder>` names.
 * @throws UsageError if it is no dump, or belongs to another collector
 */
export async function openOwnDump(context: CollectContext, address: Address, collector: string): Promise<Dump> {
  const dump = await openDump(resolve(context.cwd, address.value));
  const writer = dump.manifest.collector;
  if (writer === collector) return dump;
  throw new UsageError(`The dump ${address.value} was written by the collector "${writer}", not by ${collector}.`);
}
