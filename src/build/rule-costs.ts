import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { SharedWork } from '../collectors/abilities.ts';
import type { CollectContext } from '../collectors/contract.ts';
import { collectors } from '../collectors/index.generated.ts';
import { compilePack } from '../detect/fast/compile-pack.ts';
import { Counters, type RuleCounts } from '../detect/fast/counters.ts';
import { createFastDetector } from '../detect/fast.ts';
import { knownNames } from '../engine/plan/known-names.ts';
import { DEFAULT_LIMITS } from '../engine/plan/limits.ts';
import { resolveTargets } from '../engine/plan/targets.ts';
import type { Artifact } from '../model/artifact.ts';
import { UsageError } from '../model/errors.ts';
import { readRules } from '../model/rule-head.ts';
import { loadCatalogue } from '../ruleset/index.ts';
import { makeCorpus } from './budget/corpus.ts';

const TOP = 40;
const MEGABYTE = 1e6;

/**
 * `node src/build/run.mjs rule-costs [--top <n>] <target>...`: what each rule costs on real targets (`./folder`,
 * `git:<folder>`) or on the budget corpus (`corpus`): literal hits, runs of programs, regex calls and time per megabyte
 * read, the costliest first. Encoded texts are left out.
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { top: { type: 'string', default: String(TOP) } },
  });
  if (positionals.length === 0) throw new UsageError('Name at least one target: ./folder or git:<folder>.');
  for (const target of positionals) {
    const counters = await countTarget(root, target);
    process.stdout.write(`${target}\n\n${renderCosts(counters, Number(values.top))}\n`);
  }
  return 0;
}

/** Name of the budget corpus as a target. */
const CORPUS = 'corpus';

/** Scans a target with the rules of the tree, in this thread, and counts. */
export async function countTarget(root: string, text: string): Promise<Counters> {
  const { detection } = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  const counters = new Counters(() => performance.now());
  const detector = await createFastDetector(detection, { pack: await compilePack(readRules(detection)), counters });
  const artifacts = text === CORPUS ? makeCorpus(root) : collectArtifacts(text);
  for await (const artifact of artifacts) detector.scan(artifact);
  return counters;
}

async function* collectArtifacts(text: string): AsyncGenerator<Artifact> {
  for (const { collector, address } of await resolveTargets([text], collectors, process.cwd())) {
    for await (const item of collector.collect(makeContext(), address)) {
      if (item.kind === 'artifact') yield item.artifact;
      else if (item.kind === 'work') yield* artifactsOf(item.work);
    }
  }
}

async function* artifactsOf(work: SharedWork): AsyncGenerator<Artifact> {
  for (let part = 0; part < work.parts; part += 1) {
    for await (const item of work.read(part)) if (item.kind === 'artifact') yield item.artifact;
  }
}

function makeContext(): CollectContext {
  return {
    now: new Date(),
    env: process.env,
    cwd: resolve('.'),
    limits: DEFAULT_LIMITS,
    sleep: async (ms) => {
      await setTimeout(ms);
    },
    options: {},
  };
}

/** A Markdown table of the costliest rules, with the sum of all in the last line. */
function renderCosts({ rows, bytes, hits, passedHits }: Counters, top: number): string {
  const megabytes = Math.max(bytes, 1) / MEGABYTE;
  const sum: RuleCounts = {
    id: 'all rules',
    literalHits: hits,
    passedHits,
    places: 0,
    regexCalls: 0,
    programRuns: 0,
    matches: 0,
    nanoseconds: 0,
  };
  for (const row of rows) {
    sum.places += row.places;
    sum.regexCalls += row.regexCalls;
    sum.programRuns += row.programRuns;
    sum.matches += row.matches;
    sum.nanoseconds += row.nanoseconds;
  }
  const costly = [...rows].sort((a, b) => b.nanoseconds - a.nanoseconds).slice(0, top);
  const lines = [...costly, sum].map((row) => {
    const { literalHits, passedHits, places, programRuns, regexCalls, matches } = row;
    const counts = [literalHits, passedHits, places, programRuns, regexCalls, matches];
    const perMegabyte = counts.map((count) => (count / megabytes).toFixed(2));
    const micros = (row.nanoseconds / 1000 / megabytes).toFixed(1);
    return `| ${[row.id, ...perMegabyte, micros, `${(row.nanoseconds / 1e6).toFixed(0)}`].join(' | ')} |`;
  });
  return [
    `${megabytes.toFixed(1)} MB read`,
    '',
    '| rule | hits/MB | passed/MB | places/MB | program runs/MB | regex calls/MB | matches/MB | us/MB | ms |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
