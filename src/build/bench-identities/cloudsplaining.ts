import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { type Entry, fieldOf, recordOf } from './json.ts';
import type { BowerbirdReport, Comparison, Pair, Scope, Specialist, Surroundings } from './model.ts';

/** Account dumps of its repository. */
const DUMPS = [
  'examples/files/example.json',
  'test/files/example-authz-details.json',
  'test/files/example_authz_details_for_overrides.json',
  'test/files/example_authz_details_for_overrides_complete.json',
  'test/files/example_authz_v2.json',
];
const SETUP = [
  'pip install cloudsplaining==0.7.0 into an environment of its own, and name its bin folder with --bin.',
  `The folder is a copy of the repository salesforce/cloudsplaining with ${DUMPS.join(', ')}`,
].join(' ');
const PRINCIPALS: Scope = { title: 'users, roles and groups', least: 159 };
const POLICIES: Scope = { title: 'policies of the account', least: 79 };
/** Lists of policies in its results. A principal names those that it has by the same word. */
const POLICY_LISTS = ['aws_managed_policies', 'customer_managed_policies', 'inline_policies'];
/** Who may do everything has each family, so the finding of an administrator counts for all. */
const ADMINISTRATOR = 'aws-administrator';
const CHECKS: Specialist['checks'] = {
  PrivilegeEscalation: ['aws-privilege-escalation', 'aws-lateral-movement', ADMINISTRATOR],
  DataExfiltration: ['aws-data-exfiltration', ADMINISTRATOR],
  ResourceExposure: ['aws-permission-management', ADMINISTRATOR],
  ServiceWildcard: ['aws-service-wildcard', ADMINISTRATOR],
  CredentialsExposure: ['aws-credential-exposure', ADMINISTRATOR],
};

/** Reads policies of AWS accounts, one by one, without boundaries, and reports by category. */
export const cloudsplaining: Specialist = {
  name: 'cloudsplaining',
  version: '0.7.0',
  executable: 'cloudsplaining',
  setup: SETUP,
  checks: CHECKS,
  leftOut: [
    { check: 'InfrastructureModification', reason: 'every policy that writes has it; the tier says how much' },
    { check: 'AssumableByComputeService', reason: 'a fact of Bowerbird (trustsServices), and no risk by itself' },
    { check: 'policies of AWS in a dump', reason: 'nobody can change them; who has one is compared' },
  ],
  disprove,
  explain,
  compare,
};

/** Its makers named these principals and policies as false positives: it reads each policy alone, and no Deny. */
function disprove({ place }: Pair): string | undefined {
  return /\/fp[12]-allow-and-deny/.test(place) ? 'a Deny on everything covers what is allowed' : undefined;
}

function explain({ check, place }: Pair): string | undefined {
  const isRegistry = check === 'CredentialsExposure' && place.endsWith(':policy/NotYourPolicy');
  return isRegistry ? 'ecr:GetAuthorizationToken: the token opens what the caller may read anyway' : undefined;
}

async function compare(surroundings: Surroundings): Promise<readonly Comparison[]> {
  const scopes: Scoped[] = [];
  for (const [index, dump] of DUMPS.entries()) {
    const file = join(surroundings.folder, dump);
    if (!existsSync(file)) throw new UsageError(`${file} does not exist. ${cloudsplaining.setup}.`);
    const work = join(surroundings.scratch, String(index));
    mkdirSync(work);
    const results = await runSpecialist(surroundings, file, work);
    const report = await scanDump(surroundings, file, work);
    scopes.push(...compareDump(basename(dump), results, report));
  }
  return [PRINCIPALS, POLICIES].map((scope) => {
    const own = scopes.filter((scoped) => scoped.scope === scope);
    return { scope, expected: own.map(({ pair }) => pair), found: own.filter(isFound).map(({ pair }) => pair) };
  });
}

/** Runs it as a user does; it writes its results to a file. */
async function runSpecialist({ executable, ask }: Surroundings, file: string, work: string): Promise<Entry> {
  await ask(executable, ['scan', '--skip-open-report', '--minimize', '--input-file', file, '--output', work]);
  const results = join(work, `iam-results-${basename(file)}`);
  if (!existsSync(results)) throw new UsageError(`cloudsplaining wrote no results for ${file}.`);
  return recordOf(JSON.parse(readFileSync(results, 'utf8')));
}

function scanDump({ scan }: Surroundings, file: string, work: string): Promise<BowerbirdReport> {
  const folder = join(work, 'dump');
  mkdirSync(folder);
  copyFileSync(file, join(folder, 'authorization-details.json'));
  const account = /arn:aws:iam::(\d{12}):/.exec(readFileSync(file, 'utf8'))?.[1] ?? '000000000000';
  const manifest = { collector: 'aws', version: 1, target: account, recordedAt: '2026-01-01T00:00:00Z' };
  writeFileSync(join(folder, 'dump.json'), JSON.stringify(manifest));
  return scan(`dump:${folder}`);
}

interface Scoped {
  readonly scope: Scope;
  readonly pair: Pair;
  readonly found: boolean;
}

function isFound({ found }: Scoped): boolean {
  return found;
}

function compareDump(input: string, results: Entry, report: BowerbirdReport): Scoped[] {
  const rules = rulesByIdentity(report);
  const pairs = (scope: Scope, arn: string, categories: Iterable<string>): Scoped[] =>
    [...categories].map((check) => ({
      scope,
      pair: { input, check, place: arn },
      found: (CHECKS[check] ?? []).some((rule) => rules.get(arn)?.has(rule) === true),
    }));
  const groups = fieldOf(results, 'groups');
  const principals = ['users', 'roles'].flatMap((list) => Object.values(fieldOf(results, list)).map(recordOf));
  return [
    ...principals.flatMap((principal) => {
      const own = Object.keys(fieldOf(principal, 'groups')).map((id) => fieldOf(groups, id));
      return pairs(PRINCIPALS, String(principal['arn']), categoriesOf(results, [principal, ...own]));
    }),
    ...Object.values(groups)
      .map(recordOf)
      .flatMap((group) => pairs(PRINCIPALS, String(group['arn']), categoriesOf(results, [group]))),
    ...Object.values(fieldOf(results, 'customer_managed_policies'))
      .map(recordOf)
      .flatMap((policy) => pairs(POLICIES, String(policy['Arn']), categoriesOfPolicy(policy))),
  ];
}

function rulesByIdentity({ findings }: BowerbirdReport): ReadonlyMap<string, ReadonlySet<string>> {
  const rules = new Map<string, Set<string>>();
  for (const { identityId, ruleId } of findings) {
    rules.set(identityId, (rules.get(identityId) ?? new Set()).add(ruleId));
  }
  return rules;
}

function categoriesOf(results: Entry, holders: readonly Entry[]): ReadonlySet<string> {
  const policies = POLICY_LISTS.flatMap((list) =>
    holders.flatMap((holder) => Object.keys(fieldOf(holder, list)).map((id) => fieldOf(fieldOf(results, list), id))),
  );
  return new Set(policies.flatMap(categoriesOfPolicy));
}

function categoriesOfPolicy(policy: Entry): string[] {
  return Object.keys(CHECKS).filter((check) => {
    const findings = fieldOf(policy, check)['findings'];
    return Array.isArray(findings) && findings.length > 0;
  });
}
