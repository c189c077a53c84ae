import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readYamlDocuments } from '../../lib/yaml/read.ts';
import { UsageError } from '../../model/errors.ts';
import { type Entry, fieldOf, listOf, recordOf } from './json.ts';
import type { BowerbirdReport, Comparison, Pair, Scope, Specialist, Surroundings } from './model.ts';

const SETUP = [
  'pip install zizmor==1.32.0 into an environment of its own, and name its bin folder with --bin.',
  'The folder is crates/zizmor/tests/integration/test-data of the repository zizmorcore/zizmor',
].join(' ');
const AUDITOR: Scope = { title: 'all personas, pack auditor', least: 64 };
const REGULAR: Scope = { title: 'persona regular, pack default', least: 40 };
const CHECKS: Specialist['checks'] = {
  artipacked: [
    'workflow-checkout-token-in-artifact',
    'workflow-checkout-token-kept',
    'workflow-checkout-token-kept-with-write',
    'workflow-checkout-keeps-personal-token',
  ],
  'dangerous-triggers': [
    'workflow-privileged-trigger',
    'workflow-untrusted-trigger-secrets',
    'workflow-untrusted-trigger-write-token',
    'workflow-pull-request-target-checkout',
  ],
  'dependabot-execution': ['dependabot-runs-foreign-code'],
  'excessive-permissions': [
    'workflow-level-write',
    'workflow-level-write-moderate',
    'workflow-level-write-minor',
    'workflow-level-write-single-job',
    'workflow-write-all',
    'workflow-job-write-all',
    'workflow-read-all',
    'workflow-job-read-all',
    'workflow-permissions-undeclared',
    'workflow-top-permissions-undeclared',
  ],
  'github-app': [
    'workflow-app-token-all-permissions',
    'workflow-app-token-all-repositories',
    'workflow-app-token-not-revoked',
  ],
  'hardcoded-container-credentials': ['workflow-container-credential-literal'],
  'overprovisioned-secrets': ['workflow-dumps-secrets'],
  'secrets-inherit': ['workflow-inherits-secrets'],
  'secrets-outside-env': ['workflow-any-secret-outside-environment', 'workflow-secret-outside-environment'],
  'self-hosted-runner': ['workflow-self-hosted-runner', 'workflow-self-hosted-pull-request'],
  'unredacted-secrets': ['workflow-unredacted-secret'],
  'use-trusted-publishing': ['workflow-publish-token'],
};

/** Reads workflows, actions and Dependabot's configuration of GitHub, and reports by audit and place. */
export const zizmor: Specialist = {
  name: 'zizmor',
  version: '1.32.0',
  executable: 'zizmor',
  setup: SETUP,
  checks: CHECKS,
  leftOut: [
    { check: 'template-injection, github-env, insecure-commands', reason: 'code injection, not a credential' },
    { check: 'cache-poisoning', reason: 'integrity of caches, not a credential' },
    { check: 'unpinned-uses, unpinned-images, unpinned-tools', reason: 'reported where a secret flows, on purpose' },
    { check: 'undocumented-permissions', reason: 'asks for a comment; says nothing of the permission' },
    { check: 'known-vulnerable-actions, impostor-commit, stale-action-refs', reason: 'asks a server about versions' },
    { check: 'ref-confusion, ref-version-mismatch, typosquat-uses', reason: 'asks which version a name means' },
    { check: 'archived-uses, superfluous-actions, forbidden-uses', reason: 'choice of an action' },
    { check: 'dependabot-cooldown', reason: 'age of updates, not a credential' },
    { check: 'anonymous-definition, concurrency-limits, misfeature, obfuscation', reason: 'style of a workflow' },
    { check: 'bot-conditions, unsound-condition, unsound-contains, unsound-ternary', reason: 'logic of conditions' },
    { check: 'adhoc-packages, insecure-url-scheme, self-repository', reason: 'where code comes from' },
  ],
  explain: ({ check }) =>
    check === 'dangerous-triggers' || check === 'artipacked'
      ? 'no secret and no strong write permission is at stake; pack pedantic reports it'
      : check === 'excessive-permissions'
        ? 'one job has the permissions, which it needs; pack pedantic reports it'
        : undefined,
  compare,
};

async function compare(surroundings: Surroundings): Promise<readonly Comparison[]> {
  const { folder, scratch, ask, executable, scan } = surroundings;
  const roots = await layOut(folder, scratch);
  const told = JSON.parse(
    await ask(executable, ['--offline', '--persona', 'auditor', '--no-exit-codes', '--format', 'json', scratch]),
  );
  const expected = listOf({ told }, 'told').flatMap((finding) => toPair(finding, scratch));
  const [all, byDefault] = [new Set<string>(), new Set<string>()];
  for (const root of roots) {
    addPlaces(all, await scan(root, ['--pack', 'auditor', '--no-config']), root, scratch);
    addPlaces(byDefault, await scan(root, ['--no-config']), root, scratch);
  }
  const regular = expected.filter(({ persona }) => persona === 'Regular');
  return [toComparison(AUDITOR, expected, all), toComparison(REGULAR, regular, byDefault)];
}

interface ToldPair extends Pair {
  readonly persona: string;
}

function toComparison(scope: Scope, told: readonly ToldPair[], reported: ReadonlySet<string>): Comparison {
  const pairs = new Map(told.map(({ input, check, place }) => [`${check} ${place}`, { input, check, place }]));
  const expected = [...pairs.values()];
  const says = ({ check, place }: Pair): boolean =>
    (CHECKS[check] ?? []).some((rule) => reported.has(`${rule} ${place}`));
  return { scope, expected, found: expected.filter(says) };
}

function addPlaces(places: Set<string>, { findings }: BowerbirdReport, root: string, scratch: string): void {
  for (const { ruleId, paths } of findings)
    for (const path of paths) places.add(`${ruleId} ${relative(scratch, join(root, path))}`);
}

function toPair(finding: Entry, scratch: string): ToldPair[] {
  const check = String(finding['ident']);
  if (!(check in CHECKS)) return [];
  const persona = String(fieldOf(finding, 'determinations')['persona']);
  const [location] = listOf(finding, 'locations');
  const key = fieldOf(recordOf(fieldOf(location ?? {}, 'symbolic')['key']), 'Local');
  const file = Object.values(key).findLast((value) => typeof value === 'string');
  const place = relative(scratch, String(file));
  return [{ input: 'test-data', check, place, persona }];
}

/**
 * Copies each file to where its host looks for it: workflows and actions into one repository, and each configuration of
 * Dependabot into one of its own. Returns the repositories.
 */
async function layOut(folder: string, scratch: string): Promise<readonly string[]> {
  const main = join(scratch, 'main');
  const roots = [main];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.ya?ml$/.test(name)) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    const { documents } = await readYamlDocuments(text);
    const value = recordOf(documents[0]?.value);
    const flat = name.replaceAll(/[\\/]/g, '__');
    if ('jobs' in value) write(join(main, '.github', 'workflows', flat), text);
    else if ('runs' in value) write(join(main, 'actions', flat, 'action.yml'), text);
    else if ('updates' in value) {
      const root = join(scratch, 'dependabot', flat);
      write(join(root, '.github', 'dependabot.yml'), text);
      roots.push(root);
    }
  }
  if (!existsSync(main)) throw new UsageError(`${folder} holds no workflow. ${SETUP}.`);
  return roots;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
