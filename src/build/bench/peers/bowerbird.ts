import { countPairs, parseReport, pick, toList } from '../counting.ts';
import { BOWERBIRD, type Command, type Findings, type Peer, type Place } from '../model.ts';

/**
 * Bowerbird itself. Settings of a scanned repository are left out, and files that git ignores are scanned, because the
 * others are given plain folders too.
 */
export const bowerbird: Peer = {
  name: BOWERBIRD,
  executable: BOWERBIRD,
  version: ['--version'],
  commands: {
    history: (job, place) => scan(place, [`git:${job.target}`]),
    tree: (job, place) => scan(place, [job.target, '--include-ignored']),
    staged: (job, place) => ({ ...scan(place, ['--staged']), cwd: job.target }),
    incremental: (job, place) => scanIncrement(place, job.target),
    start: () => ({ args: ['--version'] }),
  },
  missing: {},
  remember: (job, place) => scanIncrement(place, job.earlier ?? job.target),
  succeeds: [0, 1],
  rules: { args: ['rules', 'list'], count: countRules },
  count: countFindings,
};

function scan(place: Place, what: readonly string[]): Command {
  return { args: ['scan', ...what, '--no-config', '--no-progress', '--quiet', '--report', `json=${place.report}`] };
}

function scanIncrement(place: Place, folder: string): Command {
  return scan(place, [`git:${folder}`, '--incremental', '--state', place.state]);
}

/** One finding is one pair of rule and secret; its places are what the others report one by one. */
function countFindings(report: string): Findings {
  const findings = toList(pick(parseReport(report), 'findings'));
  const secrets = findings.filter((finding) => pick(finding, 'kind') === 'secret');
  const pairs = secrets.map((one) => ({ rule: pick(one, 'ruleId'), secret: pick(one, 'secret', 'fingerprint') }));
  let places = 0;
  for (const one of secrets) places += toList(pick(one, 'locations')).length + Number(pick(one, 'moreLocations') ?? 0);
  return { ...countPairs(pairs), findings: places };
}

/** The last line says "347 detection rules, 83 posture rules". */
function countRules(output: string): number | undefined {
  const [, count] = /^(\d+) detection rules/m.exec(output) ?? [];
  return count === undefined ? undefined : Number(count);
}
