import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCompany } from '../../../src/build/demo.ts';
import type { Gathered } from '../../../src/engine/gather/contract.ts';
import { gather } from '../../../src/engine/gather/gather.ts';
import { joinGathered } from '../../../src/engine/gather/join-gathered.ts';
import { judge } from '../../../src/engine/judge/judge.ts';
import { report } from '../../../src/engine/judge/report.ts';
import type { Plan, ScanContext } from '../../../src/engine/plan/contract.ts';
import { makePlan } from '../../../src/engine/plan/make-plan.ts';
import type { SealedGathered } from '../../../src/engine/seal/contract.ts';
import { sealGathered } from '../../../src/engine/seal/seal.ts';
import { unsealGathered } from '../../../src/engine/seal/unseal.ts';
import type { Identity } from '../../../src/model/identity.ts';
import type { Report } from '../../../src/model/report.ts';
import { DIST, ROOT, sampleToken } from '../../cli/run-bowerbird.ts';

const TARGETS = ['repository', 'git:repository', 'dump:github-acme', 'dump:aws-acme'];
const TOKEN = sampleToken('sealed');
/** Stands in a file and in the name of that file. */
const NAMED = sampleToken('sealed name');

let folder = '';
let context: ScanContext;
let gathered: readonly Gathered[];
let sealed: readonly SealedGathered[];
let plan: Plan;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-seal-'));
  await makeCompany(ROOT, folder);
  await appendFile(join(folder, 'repository', 'known.env'), `TOKEN=${TOKEN} # bowerbird:allow known to all\n`);
  await appendFile(join(folder, 'repository', `${NAMED}.env`), `TOKEN=${NAMED}\n`);
  context = planContext({});
  const plans = await Promise.all(TARGETS.map((target) => makePlan({ targets: [target] }, context)));
  gathered = await Promise.all(plans.map((each) => gather(each)));
  sealed = JSON.parse(JSON.stringify(gathered.map((part, at) => sealGathered(plans[at] as Plan, part))));
  plan = await makePlan({ targets: TARGETS }, context);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function planContext(env: Readonly<Record<string, string>>): ScanContext {
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  const path = { PATH: process.env['PATH'] ?? '' };
  return { now, cwd: folder, env: { ...path, ...env }, home: DIST, version: '1.2.3', sleep: () => Promise.resolve() };
}

async function conclude(part: Gathered): Promise<Report> {
  return report(plan, part, await judge(plan, part));
}

describe('what was gathered, sealed and judged elsewhere', () => {
  it('gives the report that one machine gives', async () => {
    const whole = await conclude(joinGathered(gathered));
    const opened = await conclude(unsealGathered(plan, sealed));
    expect(plain(opened)).toEqual(plain(whole));
    const kinds = whole.findings.map((finding) => [finding.kind, finding.suppression !== undefined].join(' '));
    expect(new Set(kinds)).toEqual(new Set(['secret false', 'secret true', 'posture false']));
  });

  it('holds no raw value', () => {
    const text = JSON.stringify(sealed);
    const matches = gathered.flatMap(({ harvest }) => harvest.matches.map(({ match }) => match));
    // The id of a key pair is public, and says which pair is meant.
    const secrets = matches.filter(({ ruleId }) => ruleId !== 'aws-access-key-id');
    const long = secrets.map(({ secret }) => secret.reveal()).filter((value) => value.length >= 12);
    expect(long.length).toBeGreaterThan(10);
    expect(long.filter((value) => text.includes(value))).toEqual([]);
  });

  it('has no value to show or to verify', async () => {
    const { harvest } = unsealGathered(plan, sealed);
    const [first] = harvest.matches;
    expect(() => first?.match.secret.reveal()).toThrow('the value of a sealed secret was asked for');
    expect(first?.match.secret.shown(true)).toBe(first?.match.secret.redacted);
  });

  it('finds a token in a list that shows a hint of it', () => {
    const hint = gathered
      .flatMap(({ harvest }) => harvest.matches)
      .find(({ match }) => match.secret.reveal() === TOKEN);
    const shown = hint?.match.secret.hint('last-eight') ?? '';
    const listed = { ...anyIdentity(), keys: [{ kind: 'github-token-last-eight', value: shown }] } as Identity;
    const lists = sealed.map((part, at) => (at === 0 ? { ...part, identities: [listed] } : part));
    const hintsOf = (parts: readonly SealedGathered[]) =>
      unsealGathered(plan, parts).harvest.matches.map(({ match }) => match.secret.hint('last-eight'));
    expect(hintsOf(lists)).toContain(shown);
    expect(hintsOf(sealed)).not.toContain(shown);
  });

  it('is refused under another key, and from another version', async () => {
    const other = await makePlan({ targets: TARGETS }, planContext({ BOWERBIRD_FINGERPRINT_KEY: 'k'.repeat(32) }));
    expect(() => unsealGathered(other, sealed)).toThrow(/under another fingerprint key/);
    const newer = sealed.map((part) => ({ ...part, version: 99 }) as unknown as SealedGathered);
    expect(() => unsealGathered(plan, newer)).toThrow(/by another version of bowerbird/);
  });
});

function anyIdentity(): Identity {
  const [identity] = gathered.flatMap(({ harvest }) => harvest.identities);
  if (identity === undefined) throw new Error('the company has identities');
  return identity;
}

function plain(whole: Report): unknown {
  return JSON.parse(JSON.stringify(whole));
}
