import { join, resolve } from 'node:path';
import type { Collector, SourceCollector } from '../../collectors/contract.ts';
import { readTreeFile } from '../../lib/files/tree-file.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { Target } from './contract.ts';

/** The scheme of a recorded dump: the dump itself names its collector. */
export const DUMP = 'dump';
const MANIFEST_BYTES = 64 * 1024;

/**
 * Reads a target as the user writes it: `.` and other paths are files, `-` is stdin, `<scheme>:<rest>` names a
 * collector. A single letter before the colon is a Windows drive, not a scheme.
 */
export function parseAddress(text: string, schemes: ReadonlySet<string>): Address {
  if (text === '') throw new UsageError('A target is empty. Write a path, "-", or <collector>:<target>.');
  if (text === '-') return { scheme: 'stdin', value: '-', text };
  const parts = /^([a-z][a-z0-9-]+):(.*)$/s.exec(text);
  if (parts === null) return { scheme: 'files', value: text, text };
  const [, scheme = '', value = ''] = parts;
  if (schemes.has(scheme) || scheme === DUMP) return { scheme, value, text };
  const names = [...schemes, DUMP].sort().join(', ');
  throw new UsageError(
    `There is no collector "${scheme}" for the target "${text}". Known: ${names}. For a path write "./${text}".`,
  );
}

/** The collectors that read addresses, by scheme. */
export function sourceCollectors(collectors: readonly Collector[]): ReadonlyMap<string, SourceCollector> {
  const sources = collectors.filter((collector) => collector.reads === 'address');
  return new Map(sources.map((collector) => [collector.scheme, collector]));
}

/**
 * Resolves target texts to collectors; one that is named twice is read once. Throws `UsageError` for what no collector
 * reads.
 */
export async function resolveTargets(
  texts: readonly string[],
  collectors: readonly Collector[],
  cwd: string,
): Promise<Target[]> {
  const sources = sourceCollectors(collectors);
  const schemes = new Set(sources.keys());
  const targets: Target[] = [];
  for (const text of new Set(texts)) {
    const address = parseAddress(text, schemes);
    targets.push({ collector: collectorOf(address, sources, cwd), address });
  }
  return targets;
}

function collectorOf(address: Address, sources: ReadonlyMap<string, SourceCollector>, cwd: string): SourceCollector {
  const id = address.scheme === DUMP ? readDumpCollector(resolve(cwd, address.value)) : address.scheme;
  const collector = sources.get(id);
  if (collector !== undefined) return collector;
  throw new UsageError(`The dump ${address.value} names the collector "${id}", which does not exist.`);
}

function readDumpCollector(folder: string): string {
  const file = join(folder, 'dump.json');
  const read = readTreeFile(file, MANIFEST_BYTES);
  if (read.state !== 'read') {
    throw new UsageError(`${file} cannot be read. A dump is a folder that holds dump.json; make one with --record.`);
  }
  const id = dumpCollectorId(read.bytes.toString('utf8'));
  if (id === undefined) throw new UsageError(`${file} does not name a collector: write {"collector": "<id>", ...}.`);
  return id;
}

function dumpCollectorId(text: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null || !('collector' in manifest)) return undefined;
    return typeof manifest.collector === 'string' ? manifest.collector : undefined;
  } catch {
    return undefined;
  }
}
