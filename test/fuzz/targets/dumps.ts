import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expandPlaceholders } from '../../../src/build/demo.ts';
import aws from '../../../src/collectors/aws/index.ts';
import type { Collected, SourceCollector } from '../../../src/collectors/contract.ts';
import github from '../../../src/collectors/github/index.ts';
import { ROOT } from '../../cli/run-bowerbird.ts';
import { readItems } from '../../collectors/read-items.ts';
import { contextOf } from '../../collectors/source-context.ts';
import { checkCollected } from '../shared/collected.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { nameInput, readNamed } from '../shared/named.ts';

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

/** Recordings of a service, in which one file is mutated. `remove` takes their folders away. */
export interface Dumps {
  readonly targets: readonly FuzzTarget[];
  remove(): void;
}

export function dumpTargets(): Dumps {
  const folders: string[] = [];
  const targetOf = (collector: SourceCollector, fixture: string): FuzzTarget => {
    const folder = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-dump-'));
    folders.push(folder);
    cpSync(join(ROOT, 'fixtures/company', fixture), folder, { recursive: true });
    const names = readdirSync(folder).sort();
    const texts = new Map(names.map((name) => [name, expandPlaceholders(readFileSync(join(folder, name), 'utf8'))]));
    for (const [name, text] of texts) writeFileSync(join(folder, name), text);
    return {
      name: `collector ${collector.id}`,
      seeds: [...texts].map(([name, text]) => nameInput(name, text)),
      pieces: [...PIECES, ...names.map((name) => `${name}\n`)],
      tries: 2,
      read: async (input) => {
        const { name, content } = readNamed(input, names);
        writeFileSync(join(folder, name), content);
        try {
          return await replay(collector, folder);
        } finally {
          writeFileSync(join(folder, name), texts.get(name) ?? '');
        }
      },
    };
  };
  return {
    targets: [targetOf(aws, 'aws-acme'), targetOf(github, 'github-acme')],
    remove: () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function replay(collector: SourceCollector, folder: string): Promise<unknown> {
  const address = { scheme: 'dump', value: folder, text: `dump:${folder}` };
  const items: Collected[] = [];
  for await (const item of readItems(collector.collect(contextOf({ cwd: folder }), address))) items.push(item);
  return checkCollected(items);
}
