import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CollectContext, Collected, SourceCollector } from '../../../src/collectors/contract.ts';
import type { Address } from '../../../src/model/address.ts';
import { readItems } from '../../collectors/read-items.ts';
import { contextOf } from '../../collectors/source-context.ts';
import { checkCollected } from './collected.ts';
import type { FuzzTarget } from './fuzz.ts';
import { nameInput, readNamed } from './named.ts';

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  'null',
  '1e999',
  '-1',
  '"__proto__":',
  '{"toString": 1}',
  '"body":',
  '"status": 404,',
  '"next": "GET /x",',
  '"IsTruncated": true,',
];

/** Works with a recording of a service, in which one file is changed at a time. The folder is removed at the end. */
export async function withRecording(
  collector: SourceCollector,
  context: CollectContext,
  address: Address,
  work: (target: FuzzTarget) => Promise<void>,
): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-dump-'));
  const folder = join(parent, 'dump');
  try {
    if (address.scheme === 'dump') cpSync(resolve(context.cwd, address.value), folder, { recursive: true });
    else await record(collector, context, address, folder);
    await work(targetOf(collector, folder));
  } finally {
    rmSync(parent, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function record(
  collector: SourceCollector,
  context: CollectContext,
  address: Address,
  folder: string,
): Promise<void> {
  const options = { ...context.options, record: folder };
  for await (const _ of readItems(collector.collect({ ...context, options }, address)));
}

function targetOf(collector: SourceCollector, folder: string): FuzzTarget {
  const names = readdirSync(folder).sort();
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  return {
    name: `collector ${collector.id}`,
    seeds: [...files].map(([name, bytes]) => nameInput(name, bytes)),
    pieces: [...PIECES, ...names.map((name) => `${name}\n`)],
    tries: 2,
    read: async (input) => {
      const { name, content } = readNamed(input, names);
      writeFileSync(join(folder, name), content);
      try {
        return await replay(collector, folder);
      } finally {
        writeFileSync(join(folder, name), files.get(name) ?? '');
      }
    },
  };
}

async function replay(collector: SourceCollector, folder: string): Promise<unknown> {
  const address = { scheme: 'dump', value: folder, text: `dump:${folder}` };
  const items: Collected[] = [];
  for await (const item of readItems(collector.collect(contextOf({ cwd: folder }), address))) items.push(item);
  return checkCollected(items);
}
