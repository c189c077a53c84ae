import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { CLOUDFORMATION, KUBERNETES, LEFT_OUT, type RulesByCheck, TERRAFORM } from './checkov-checks.ts';
import { layOut } from './checkov-inputs.ts';
import { type Entry, fieldOf, listOf } from './json.ts';
import type { Comparison, Pair, Scope, Specialist, Surroundings } from './model.ts';

const SETUP = [
  'pip install checkov==3.3.30 into an environment of its own, and name its bin folder with --bin.',
  'The folder is a copy of the repository bridgecrewio/checkov with checkov/ and tests/',
].join(' ');

/** A language that checkov reads. */
interface Framework {
  readonly id: string;
  readonly scope: Scope;
  readonly checks: RulesByCheck;
  /** Manifests of one folder are one cluster, so each check is judged alone, and what Bowerbird says by file. */
  readonly isCluster: boolean;
}

const FRAMEWORKS: readonly Framework[] = [
  { id: 'terraform', scope: { title: 'Terraform', least: 266 }, checks: TERRAFORM, isCluster: false },
  { id: 'cloudformation', scope: { title: 'CloudFormation', least: 21 }, checks: CLOUDFORMATION, isCluster: false },
  { id: 'kubernetes', scope: { title: 'Kubernetes', least: 31 }, checks: KUBERNETES, isCluster: true },
];

/** Reads infrastructure as code, resource by resource. Compared on the inputs of its own tests of each check. */
export const checkov: Specialist = {
  name: 'checkov',
  version: '3.3.30',
  executable: 'checkov',
  setup: SETUP,
  checks: Object.fromEntries(
    FRAMEWORKS.flatMap(({ scope, checks }) =>
      Object.entries(checks).map(([check, rules]) => [`${check} (${scope.title})`, rules]),
    ),
  ),
  leftOut: LEFT_OUT,
  explain: () => undefined,
  compare,
};

async function compare(surroundings: Surroundings): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const framework of FRAMEWORKS) {
    const root = join(surroundings.scratch, framework.id);
    mkdirSync(root);
    layOut(resolve(surroundings.folder), framework.id, Object.keys(framework.checks), root);
    const judged = new Map<string, Judged>();
    const reported = new Map<string, number[]>();
    for (const { target, checks } of targetsOf(framework, root)) {
      addJudged(judged, framework, await runSpecialist(surroundings, framework.id, target, checks));
      await addReported(reported, surroundings, target, root);
    }
    comparisons.push(toComparison(framework, [...judged.values()], reported));
  }
  return comparisons;
}

/** Folders that are scanned, each with the checks that are run on it. */
function targetsOf({ isCluster, checks }: Framework, root: string): { target: string; checks: readonly string[] }[] {
  if (!isCluster) return [{ target: root, checks: Object.keys(checks) }];
  return Object.keys(checks).map((check) => ({ target: join(root, check), checks: [check] }));
}

/** What checkov says of a resource, and the lines where Bowerbird has to say it. */
interface Judged {
  readonly pair: Pair;
  readonly failed: boolean;
  readonly first: number;
  readonly last: number;
}

async function runSpecialist(
  { ask, executable }: Surroundings,
  framework: string,
  target: string,
  checks: readonly string[],
): Promise<readonly Entry[]> {
  const flags = ['--framework', framework, '--check', checks.join(','), '--output', 'json', '--compact'];
  const told = await ask(executable, ['--directory', target, ...flags]);
  try {
    return listOf({ told: [JSON.parse(told)].flat() }, 'told').map((report) => fieldOf(report, 'results'));
  } catch {
    throw new UsageError(`checkov gave no report for ${target}.`);
  }
}

function addJudged(judged: Map<string, Judged>, framework: Framework, results: readonly Entry[]): void {
  for (const result of results) {
    for (const record of listOf(result, 'passed_checks')) addRecord(judged, framework, record, false);
    for (const record of listOf(result, 'failed_checks')) addRecord(judged, framework, record, true);
  }
}

/** Only what lies in the folder of the check counts. What fails anywhere in a place fails there. */
function addRecord(judged: Map<string, Judged>, { isCluster }: Framework, record: Entry, failed: boolean): void {
  const check = String(record['check_id']);
  const path = String(record['file_path']);
  const start = path.lastIndexOf(`/${check}/`);
  if (start < 0 && !isCluster) return;
  const input = start < 0 ? `${check}${path}` : path.slice(start + 1);
  const [first, last] = Array.isArray(record['file_line_range']) ? record['file_line_range'].map(Number) : [];
  const place = String(record['resource']);
  const range = isCluster ? { first: 0, last: Number.MAX_SAFE_INTEGER } : { first: first ?? 0, last: last ?? 0 };
  const key = JSON.stringify([check, input, place]);
  if (failed || !judged.has(key)) judged.set(key, { pair: { input, check, place }, failed, ...range });
}

async function addReported(
  reported: Map<string, number[]>,
  { scan }: Surroundings,
  target: string,
  root: string,
): Promise<void> {
  const { findings } = await scan(target, ['--no-config', '--pack', 'auditor']);
  for (const { ruleId, paths, lines } of findings) {
    for (const [index, path] of paths.entries()) {
      const key = `${ruleId} ${relative(root, join(target, path))}`;
      reported.set(key, [...(reported.get(key) ?? []), lines[index] ?? 0]);
    }
  }
}

function toComparison(
  { scope, checks, isCluster }: Framework,
  judged: readonly Judged[],
  reported: ReadonlyMap<string, readonly number[]>,
): Comparison {
  const says = ({ pair, first, last }: Judged): boolean =>
    (checks[pair.check] ?? []).some((rule) =>
      (reported.get(`${rule} ${pair.input}`) ?? []).some((line) => line >= first && line <= last),
    );
  const toPair = ({ pair }: Judged): Pair => pair;
  const expected = judged.filter(({ failed }) => failed);
  // The objects of one file are judged together, so a file of a cluster is good only where nothing of it fails.
  const bad = new Set(isCluster ? expected.map(({ pair }) => pair.input) : []);
  const good = judged.filter(({ failed, pair }) => !failed && !bad.has(pair.input));
  return {
    scope,
    expected: expected.map(toPair),
    found: expected.filter(says).map(toPair),
    flagged: good.filter(says).map(toPair),
    good: good.length,
  };
}
