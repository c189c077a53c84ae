import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { CLOUDFORMATION, KUBERNETES, LEFT_OUT, type RulesByCheck, TERRAFORM } from './checkov-checks.ts';
import { explained, proved } from './checkov-differences.ts';
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
  /** Manifests of one folder are one cluster: each is scanned alone, and what Bowerbird says counts by file. */
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
  disprove: ({ check, input, place }) => proved(check, input, place),
  explain: ({ check, input, place }) => explained(check, input, place),
  compare,
};

async function compare(surroundings: Surroundings): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const framework of FRAMEWORKS) {
    const root = join(surroundings.scratch, framework.id);
    mkdirSync(root);
    layOut(resolve(surroundings.folder), framework.id, Object.keys(framework.checks), root, framework.isCluster);
    const judged = new Map<string, Judged>();
    const reported = new Map<string, Reported[]>();
    addJudged(judged, framework, await runSpecialist(surroundings, framework, root));
    const targets = framework.isCluster ? listFolders(root) : [root];
    for (const target of targets) await addReported(reported, surroundings, target, root);
    comparisons.push(toComparison(framework, [...judged.values()], reported));
  }
  return comparisons;
}

/** Every folder that holds files. */
function listFolders(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:ya?ml|json)$/.test(name),
  );
  return [...new Set(names.map((name) => dirname(join(root, name))))].sort();
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
  { id, checks }: Framework,
  target: string,
): Promise<readonly Entry[]> {
  const flags = ['--framework', id, '--check', Object.keys(checks).join(','), '--output', 'json', '--compact'];
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
  if (start < 0) return;
  const input = path.slice(start + 1);
  const [first, last] = Array.isArray(record['file_line_range']) ? record['file_line_range'].map(Number) : [];
  const place = String(record['resource']);
  const range = isCluster ? { first: 0, last: Number.MAX_SAFE_INTEGER } : { first: first ?? 0, last: last ?? 0 };
  const key = JSON.stringify([check, input, place]);
  if (failed || !judged.has(key)) judged.set(key, { pair: { input, check, place }, failed, ...range });
}

/** A place of a finding of Bowerbird. */
interface Reported {
  readonly line: number;
  readonly message: string;
}

async function addReported(
  reported: Map<string, Reported[]>,
  { scan }: Surroundings,
  target: string,
  root: string,
): Promise<void> {
  const { findings } = await scan(target, ['--no-config', '--pack', 'auditor']);
  for (const { ruleId, paths, lines, message } of findings) {
    for (const [index, path] of paths.entries()) {
      const key = `${ruleId} ${relative(root, join(target, path))}`;
      reported.set(key, [...(reported.get(key) ?? []), { line: lines[index] ?? 0, message }]);
    }
  }
}

/** Some rules say several things, and name them in their message. */
function has(message: string, word: string | undefined): boolean {
  return word === undefined || message.split(/[\s,()]+/).includes(word);
}

function toComparison(
  { scope, checks, isCluster }: Framework,
  judged: readonly Judged[],
  reported: ReadonlyMap<string, readonly Reported[]>,
): Comparison {
  const says = ({ pair, first, last }: Judged): boolean =>
    (checks[pair.check] ?? []).some((entry) => {
      const [rule, word] = entry.split('/');
      const places = reported.get(`${rule} ${pair.input}`) ?? [];
      return places.some(({ line, message }) => line >= first && line <= last && has(message, word));
    });
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
