import type { Git } from '../git/process/open.ts';
import { tryGit } from '../git/process/process.ts';
import { defined } from '../lib/fields/defined.ts';
import type { Environment } from './inputs.ts';
import type { ActionPlan, PlannedRange, WantedCommit } from './plan.ts';

const REMOTE = 'origin';

/** The plan with real ends: what the engine is asked to scan. */
export interface ResolvedPlan {
  readonly targets: readonly string[];
  readonly policyRef?: string;
  readonly notes: readonly string[];
}

/**
 * Makes the commits of a plan available: most checkouts have depth 1 and lack both ends of the range. What cannot be
 * had is not passed over: the range then names a commit that is missing, and the scan says so and is incomplete.
 */
export async function resolvePlan(git: Git, plan: ActionPlan): Promise<ResolvedPlan> {
  const policyRef = plan.policy?.name;
  const policy = defined({ policyRef });
  if (plan.policy !== undefined) await obtain(git, plan.policy);
  if (plan.unshallow) await completeHistory(git);
  if (plan.range === undefined) return { targets: plan.targets, notes: plan.notes, ...policy };
  const { base, notes } = await obtainRange(git, plan.range);
  const targets = base === undefined ? ['.', 'git:.'] : [`range:${base}...${plan.range.head.name}`];
  if (base === undefined) await completeHistory(git);
  return { targets, notes: [...plan.notes, ...notes], ...policy };
}

async function obtainRange(
  git: Git,
  range: PlannedRange,
): Promise<{ readonly base: string | undefined; readonly notes: readonly string[] }> {
  await obtain(git, range.head);
  const [first] = range.bases;
  for (const base of range.bases) {
    if (!(await obtain(git, base))) continue;
    if (base === first) return { base: base.name, notes: [] };
    const reason = `${first?.name ?? 'The state before'} is not there any more (forced push?)`;
    return { base: base.name, notes: [`${reason}: compared with ${base.name} instead.`] };
  }
  // A pull request must name its missing base; after a forced push of the default branch nothing is known to be old.
  if (range.bases.length === 1 && range.head.orAsk !== undefined) return { base: first?.name, notes: [] };
  return { base: undefined, notes: ['No earlier state of this branch can be had: the whole history was scanned.'] };
}

/** True once the commit is here. */
async function obtain(git: Git, wanted: WantedCommit): Promise<boolean> {
  if (await has(git, wanted.name)) return true;
  const isRef = wanted.name !== wanted.ask;
  const spec = isRef ? `+${wanted.ask}:${wanted.name}` : wanted.ask;
  await fetchSpec(git, spec, wanted.depth);
  if (await has(git, wanted.name)) return true;
  if (wanted.orAsk !== undefined) await fetchSpec(git, wanted.orAsk, wanted.depth);
  return has(git, wanted.name);
}

async function has(git: Git, name: string): Promise<boolean> {
  return (await tryGit(git, ['cat-file', '-e', `${name}^{commit}`])) !== undefined;
}

async function isShallow(git: Git): Promise<boolean> {
  const answer = await tryGit(git, ['rev-parse', '--is-shallow-repository']);
  return answer?.toString('utf8').trim() === 'true';
}

/** In a full clone a depth would make it shallow. */
async function fetchSpec(git: Git, spec: string, depth: number): Promise<void> {
  const shallow = (await isShallow(git)) ? [`--depth=${depth}`] : [];
  await tryGit(git, ['fetch', ...FETCH, ...shallow, REMOTE, spec]);
}

async function completeHistory(git: Git): Promise<void> {
  if (await isShallow(git)) await tryGit(git, ['fetch', ...FETCH, '--unshallow', REMOTE]);
}

const FETCH = [
  '--quiet',
  '--upload-pack=git-upload-pack',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
];

/**
 * The environment with the token as git's own setting, for this process and its children only: not on a command line,
 * not in the repository's configuration. The empty first value takes away a header that the checkout step left, because
 * a server refuses two.
 */
export function withToken(env: Environment, server: string, token: string | undefined): Environment {
  if (token === undefined || !/^https:\/\/[A-Za-z0-9.-]+(?::\d+)?$/.test(server)) return env;
  const count = Number.parseInt(env['GIT_CONFIG_COUNT'] ?? '0', 10) || 0;
  const key = `http.${server}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    ...env,
    GIT_CONFIG_COUNT: String(count + 2),
    [`GIT_CONFIG_KEY_${count}`]: key,
    [`GIT_CONFIG_VALUE_${count}`]: '',
    [`GIT_CONFIG_KEY_${count + 1}`]: key,
    [`GIT_CONFIG_VALUE_${count + 1}`]: `AUTHORIZATION: basic ${basic}`,
  };
}
