import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { SharedWork } from '../../../../src/collectors/abilities.ts';
import type { CollectContext, Collected, SourceCollector } from '../../../../src/collectors/contract.ts';
import { collectors } from '../../../../src/collectors/index.generated.ts';
import { Examiner } from '../../../../src/engine/gather/examine.ts';
import { type PartResult, packOutcomes } from '../../../../src/engine/gather/parallel/messages.ts';
import { readPart } from '../../../../src/engine/gather/parallel/read-part.ts';
import { shareCatalogue } from '../../../../src/engine/gather/parallel/shared-catalogue.ts';
import { Threads } from '../../../../src/engine/gather/parallel/threads.ts';
import { knownNames } from '../../../../src/engine/plan/known-names.ts';
import { createStage } from '../../../../src/engine/plan/stage.ts';
import type { RuleCatalogue, RuleHead } from '../../../../src/model/rule.ts';
import { headOf } from '../../../../src/model/rule-head.ts';
import { loadBuiltinCatalogue } from '../../../../src/ruleset/catalogue/builtin.ts';
import { makeFolder, ROOT } from '../../../cli/run-bowerbird.ts';
import { busyAccount } from '../../../collectors/busy-account.ts';
import { testContext } from '../../../collectors/shared-git.ts';
import { busyHistory, token } from './busy-history.ts';

const HOME = join(ROOT, 'dist');
const SCRIPT = join(HOME, 'worker.cjs');

let stop = async (): Promise<unknown> => undefined;

afterEach(() => stop());

/** Reads all shared work of a target with other threads only, and each part of it with this thread. */
async function readTwice(id: string, cwd: string, most: number, change = (catalogue: RuleCatalogue) => catalogue) {
  const collector = collectors.find((one) => one.id === id) as SourceCollector;
  const scheme = collector.readsDumps === true ? 'dump' : collector.scheme;
  // As in a scan: of most rules this thread has not read the parts when another one is started.
  const catalogue = change(await loadBuiltinCatalogue(HOME, knownNames()));
  const context = testContext({ cwd });
  const setup = {
    engine: 'fast',
    catalogue,
    home: HOME,
    now: context.now,
    limits: context.limits,
    version: '0.0.0',
  } as const;
  const stage = await createStage(setup);
  const examiner = new Examiner(
    stage,
    collectors.filter((one) => one.reads === 'artifact'),
  );
  const threads = new Threads({
    file: SCRIPT,
    most,
    eager: true,
    setup: () => ({ ...setup, cwd, catalogue: shareCatalogue(catalogue) }),
  });
  stop = () => threads.stop();
  const [here, there]: [PartResult[], PartResult[]] = [[], []];
  const address = { scheme, value: '.', text: '.' };
  for await (const work of worksOf(collector.collect(context, address))) {
    await threads.help(jobOf(id, context, work), (result) => void there.push(result));
    for (let part = 0; part < work.parts; part += 1) {
      here.push({ part, outcomes: packOutcomes(await readPart(examiner, work.read(part), () => undefined)) });
    }
  }
  await threads.stop();
  expect(threads.failures).toEqual([]);
  return { here, there: there.sort((a, b) => a.part - b.part) };
}

async function* worksOf(collected: AsyncIterable<Collected>): AsyncGenerator<SharedWork> {
  for await (const item of collected) if (item.kind === 'work') yield item.work;
}

function jobOf(collector: string, { options }: CollectContext, work: SharedWork) {
  return {
    collector,
    options,
    shared: work.share(),
    parts: work.parts,
    artifacts: work.artifacts !== false,
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
}

describe('the script of a thread', { timeout: 90_000 }, () => {
  it.each([1, 3])('finds in the parts of a history what the first thread finds (%i threads)', async (most) => {
    const { here, there } = await readTwice('git', busyHistory().folder, most);
    expect(here.length).toBeGreaterThan(4);
    expect(there).toEqual(here);
    expect(JSON.stringify(there)).toContain(token('9'));
    expect(JSON.stringify(there)).toContain(token('message 50'));
  });

  it('finds in files what the first thread finds: archives, declarations, names that are not UTF-8', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [`d${i % 9}/f${i}.env`, i % 50 === 0 ? `A=${token(`f${i}`)}\n` : 'A=1\n']),
    );
    const workflow = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v1\n';
    const packed = gzipSync(`A=${token('packed')}\n`);
    const more = { '.github/workflows/a.yml': workflow, 'b.bin': Buffer.alloc(3000), 'c.gz': packed };
    const made = await makeFolder({ ...files, ...more });
    const odd = Buffer.concat([Buffer.from(`${made.folder}/d`), Buffer.from([0xff, 0xfe]), Buffer.from('.env')]);
    writeFileSync(odd, `A=${token('odd name')}\n`);
    const { here, there } = await readTwice('files', made.folder, 2);
    await made.remove();
    expect(here.length).toBeGreaterThan(2);
    expect(there).toEqual(here);
    const kept = there.flatMap(({ outcomes }) => outcomes.flatMap((one) => ('kept' in one ? [one.kept] : [])));
    for (const seed of ['f50', 'packed', 'odd name']) expect(JSON.stringify(there)).toContain(token(seed));
    expect(kept.map((one) => Buffer.from(one?.bytes ?? []).toString())).toEqual([workflow]);
  });

  it.each([1, 3])('judges the principals of an account as the first thread does (%i threads)', async (most) => {
    const { folder, remove } = await makeFolder(busyAccount(420));
    const { here, there } = await readTwice('aws', folder, most);
    await remove();
    expect(here.length).toBeGreaterThan(4);
    expect(there).toEqual(here);
    expect(JSON.stringify(there)).toContain('"privilegeTier":0');
  });

  it('refuses artifacts of work that said that it brings none', async () => {
    const artifact = { origin: { path: 'a' }, bytes: new Uint8Array() } as never;
    const items = [{ kind: 'artifact', scope: 'files', artifact } as const];
    await expect(readPart(undefined, items, () => undefined)).rejects.toThrow('it brings no artifacts');
  });

  it('stops the pattern of a user that would run for years', async () => {
    const made = await makeFolder({ 'x.txt': `key=${'a'.repeat(60)}c\n`, 'y.txt': `A=${token('beside')}\n` });
    const [head] = (await loadBuiltinCatalogue(HOME, knownNames())).detection;
    const slow = (catalogue: RuleCatalogue): RuleCatalogue => {
      const evil = {
        ...(head as RuleHead).rule(),
        id: 'evil',
        // A pattern that looks around cannot run in linear time: the watchdog alone stops it.
        pattern: 'key=(?<secret>(a+)+b)(?!x)',
        literals: [],
        trusted: false,
      };
      return { ...catalogue, detection: [...catalogue.detection, headOf(evil)] };
    };
    const { there } = await readTwice('files', made.folder, 1, slow);
    await made.remove();
    expect(JSON.stringify(there)).toContain('"reason":"rule-timeout"');
    expect(JSON.stringify(there)).toContain(token('beside'));
  });
});
