import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CollectContext, Collected, Collector, DeclarationCollector } from '../../src/collectors/contract.ts';
import type { Address } from '../../src/model/address.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Identity } from '../../src/model/identity.ts';
import { readItems } from '../collectors/read-items.ts';
import { FUZZ_TIMEOUT, TAKES_ANY_INPUT } from '../fuzz/shared/fuzz.ts';
import { canBeFuzzed, fuzzCases } from './fuzz-cases.ts';

/** Tests of the suite, by the name that `skip` uses. */
export const CONTRACT_TESTS = [
  'accounting',
  'no secrets',
  'deterministic',
  'identities',
  'gaps',
  'permissions',
  'abort',
  'offline',
  'any input',
] as const;
export type ContractTest = (typeof CONTRACT_TESTS)[number];

/** One situation a collector must handle. Source collectors need `address`, declaration collectors `files`. */
export interface CollectorCase {
  readonly name: string;
  /** A fresh context per run; a case that needs a server starts it in `beforeAll` of its own file. */
  readonly context: () => CollectContext;
  readonly address?: () => Address;
  readonly files?: () => readonly Artifact[];
  /** Raw values that the input holds and no identity, edge or gap may hold. */
  readonly secrets?: readonly string[];
  /** Least number of identities that the case must give; guards against a case that tests nothing. */
  readonly identities?: number;
  /** Least number of artifacts that the case must give. */
  readonly artifacts?: number;
}

/** Tests of the suite that do not apply, and why. */
export interface ContractOptions {
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly ContractTest[] }[];
}

/** Milliseconds that a collector may need to stop after its signal fires. */
const STOP_WITHIN = 2_000;
const ID = /^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
/** Shapes of values that authenticate. AWS access key ids (`AKIA…`) are names, not secrets. */
const SECRET_SHAPES: readonly RegExp[] = [
  /\bgh[opsur]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/,
  /\bglpat-[A-Za-z0-9_-]{16,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /:\/\/[^/\s:@"]+:[^/\s@"]+@/,
];

/**
 * The suite that every collector passes: everything planned is accounted for, nothing that leaves holds a secret, the
 * result is the same every time, every gap tells what to do, permissions are described, an abort is obeyed, a missing
 * network is a gap, and the files of the cases, or a recording of one, may be changed in any way.
 */
export function collectorContract(
  collector: Collector,
  cases: readonly CollectorCase[],
  options: ContractOptions = {},
): void {
  describe(`contract of collector ${collector.id}`, () => {
    const test = testWith(options);
    test('permissions', 'describes each permission once', () => checkPermissions(collector));
    if (collector.reads === 'artifact') it('has marks in lower case', () => checkMarks(collector));
    for (const one of cases) describe(one.name, () => describeCase(collector, one, test));
    if (canBeFuzzed(collector)) test('any input', TAKES_ANY_INPUT, () => fuzzCases(collector, cases), FUZZ_TIMEOUT);
  });
}

/** Runs a collector to its end. */
export async function collectAll(
  collector: Collector,
  one: CollectorCase,
  context = one.context(),
): Promise<Collected[]> {
  const items: Collected[] = [];
  for await (const item of start(collector, one, context)) items.push(keep(item));
  return items;
}

type Test = (name: ContractTest, title: string, run: () => void | Promise<void>, timeout?: number) => void;

function testWith(options: ContractOptions): Test {
  return (name, title, run, timeout) => {
    const skipped = options.skip?.find((entry) => entry.tests.includes(name));
    if (skipped === undefined) it(title, run, timeout);
    else it.skip(`${title} (${skipped.reason})`, run);
  };
}

function describeCase(collector: Collector, one: CollectorCase, test: Test): void {
  const once = collectOnce(collector, one);
  const check = collector.reads === 'artifact' ? checkSubjects : checkAccounting;
  test('accounting', 'accounts for everything planned', async () => check(await once(), one));
  test('no secrets', 'lets no secret into identities, edges and gaps', async () => checkSecrets(await once(), one));
  test('deterministic', 'gives the same result every time', async () => checkDeterminism(collector, one, await once()));
  test('identities', 'gives identities of the model', async () => checkIdentities(await once(), one));
  test('gaps', 'says in every gap what was missed and why', async () => checkGaps(await once()));
  if (collector.reads === 'artifact') return;
  test('abort', 'stops when the signal fires', async () => checkAbort(collector, one));
  if (collector.network)
    test('offline', 'needs no network, or says that it is missing', async () => checkOffline(collector, one));
}

/** What a case gives, collected when it is first asked for: most tests only look at it. */
function collectOnce(collector: Collector, one: CollectorCase): () => Promise<readonly Collected[]> {
  let items: Promise<readonly Collected[]> | undefined;
  return () => {
    items ??= collectAll(collector, one);
    return items;
  };
}

async function* start(collector: Collector, one: CollectorCase, context: CollectContext): AsyncGenerator<Collected> {
  if (collector.reads === 'artifact') {
    yield* collector.collect(context, one.files?.() ?? []);
    return;
  }
  const address = one.address?.();
  if (address === undefined) throw new Error(`case "${one.name}" has no address`);
  yield* readItems(collector.collect(context, address));
}

/** Bytes may be reused by the collector after the next item: keep a copy. */
function keep(item: Collected): Collected {
  if (item.kind !== 'artifact') return item;
  return { ...item, artifact: { ...item.artifact, bytes: item.artifact.bytes.slice() } };
}

function checkPermissions(collector: Collector): void {
  const { permissions } = collector;
  for (const permission of permissions) {
    for (const field of ['reads', 'needs', 'without'] as const) {
      expect(permission[field].trim(), `write "${field}" of ${JSON.stringify(permission)}`).not.toBe('');
    }
  }
  const reads = permissions.map((permission) => permission.reads);
  const twice = reads.filter((text, index) => reads.indexOf(text) !== index);
  expect(twice, 'describe each endpoint once').toEqual([]);
  const needsNetwork = collector.reads === 'address' && collector.network;
  const advice = 'list what it asks and the least permission for it under "permissions"';
  if (needsNetwork) expect(permissions.length, advice).toBeGreaterThan(0);
}

function checkMarks({ marks, accepts }: DeclarationCollector): void {
  expect(marks.length, 'name texts that its paths hold').toBeGreaterThan(0);
  expect(marks).toEqual(marks.map((mark) => mark.toLowerCase()));
  expect(accepts('a/path without any of them')).toBe(false);
}

interface Account {
  planned: number;
  met: number;
  failed: boolean;
}

function checkAccounting(items: readonly Collected[], one: CollectorCase): void {
  const accounts = new Map<string, Account>();
  for (const item of items) {
    if (!('scope' in item)) continue;
    const account = accounts.get(item.scope) ?? { planned: 0, met: 0, failed: false };
    accounts.set(item.scope, account);
    addTo(account, item);
  }
  for (const [scope, { planned, met, failed }] of accounts) {
    const ends = 'every planned thing ends as one artifact, done, skip or gap';
    if (failed) expect(met, `scope "${scope}" met more than was planned: ${ends}`).toBeLessThanOrEqual(planned);
    else expect(met, `scope "${scope}" planned ${planned} and met ${met}: ${ends}`).toBe(planned);
  }
  const artifacts = items.filter((item) => item.kind === 'artifact').length;
  expect(artifacts, 'the case promises more artifacts ("artifacts")').toBeGreaterThanOrEqual(one.artifacts ?? 0);
}

/** The engine plans the files of a declaration collector, and counts those as read that have no gap and no skip. */
function checkSubjects(items: readonly Collected[], { files }: CollectorCase): void {
  const subjects = items.flatMap((item) => {
    if (item.kind === 'gap') return [item.gap.subject];
    return item.kind === 'skip' ? [item.skip.subject] : [];
  });
  expect(new Set(subjects).size, 'a gap or skip names the file that it is about').toBeLessThanOrEqual(
    files?.().length ?? 0,
  );
}

/** A gap of a whole scope stands beside the count, as in the engine's ledger. */
function addTo(account: Account, item: Extract<Collected, { scope: string }>): void {
  if (item.kind === 'plan') account.planned += item.count;
  else if (item.kind === 'done') account.met += item.count;
  else if (item.kind === 'gap' && item.gap.scope === true) account.failed = true;
  else account.met += 1;
}

function checkSecrets(items: readonly Collected[], one: CollectorCase): void {
  const text = JSON.stringify(items.filter((item) => item.kind !== 'artifact'));
  for (const shape of SECRET_SHAPES) expect(text.match(shape)?.[0].slice(0, 8), `matches ${shape}`).toBeUndefined();
  for (const secret of one.secrets ?? []) expect(text.includes(secret), 'holds a secret of the input').toBe(false);
  for (const item of items) {
    if (item.kind === 'artifact') expect(item.artifact.origin.author ?? '').not.toContain('@');
  }
}

async function checkDeterminism(collector: Collector, one: CollectorCase, first: readonly Collected[]): Promise<void> {
  expect(await collectAll(collector, one)).toEqual(first);
  if (collector.reads !== 'artifact') return;
  const reversed = { ...one, files: () => [...(one.files?.() ?? [])].reverse() };
  expect(identityIds(await collectAll(collector, reversed))).toEqual(identityIds(first));
}

function identityIds(items: readonly Collected[]): string[] {
  return items.flatMap((item) => (item.kind === 'identity' ? [item.identity.id as string] : [])).sort();
}

function checkIdentities(items: readonly Collected[], one: CollectorCase): void {
  const identities = items.flatMap((item) => (item.kind === 'identity' ? [item.identity] : []));
  const known = readKnownTypes();
  for (const identity of identities) checkIdentity(identity, known);
  const promised = 'the case promises more identities ("identities")';
  expect(identities.length, promised).toBeGreaterThanOrEqual(one.identities ?? 0);
  const ids = new Set<string>(identities.map((identity) => identity.id));
  for (const item of items) {
    if (item.kind !== 'edge') continue;
    const { from, kind, evidence } = item.edge;
    expect(ids, `edge ${kind} from ${from}: the collector must bring the identity that an edge starts from`).toContain(
      from,
    );
    expect(evidence.length, `edge ${kind} from ${from}: say where it was read, in "evidence"`).toBeGreaterThan(0);
  }
}

function checkIdentity(identity: Identity, known: ReadonlySet<string>): void {
  expect(identity.id, 'an id has no control characters and no blank at its ends').toMatch(ID);
  expect(
    known,
    `type "${identity.type}" of ${identity.id} has no line in src/model/README.md: write one, or use a type that is there`,
  ).toContain(identity.type);
  expect(identity.name, `write a name for ${identity.id}`).not.toBe('');
  expect(identity.provider, `write a provider for ${identity.id}`).not.toBe('');
  expect(identity.evidence.length, `say where ${identity.id} was read, in "evidence"`).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(identity))).toEqual(identity);
  for (const [name, attribute] of Object.entries(identity.attributes)) {
    expect(attribute.source, `${identity.id}: say where ${name} was read, in "source"`).not.toBe('');
    const advice = `${identity.id}: write ${name} as ISO 8601 in UTC (2026-11-01T00:00:00Z)`;
    if (/[a-z]At$/.test(name) && attribute.value !== 'never') expect(attribute.value, advice).toMatch(DATE);
  }
}

/** The first column of the model README's tables of types: the list that a new type must join. */
function readKnownTypes(): ReadonlySet<string> {
  const text = readFileSync(new URL('../../src/model/README.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('## Identity types'), text.indexOf('## Attributes'));
  const rows = text.split('\n').filter((line) => line.includes('type `'));
  const cells = section.split('\n').map((line) => line.split('|')[1] ?? '');
  return new Set(
    [...cells, ...rows].flatMap((cell) => [...cell.matchAll(/`([a-z0-9_]+)`/g)].map((found) => found[1] ?? '')),
  );
}

function checkGaps(items: readonly Collected[]): void {
  for (const item of items) {
    if (item.kind !== 'gap') continue;
    const gap = JSON.stringify(item.gap);
    expect(item.gap.message.trim().length, `say what was missed and what to do about it: ${gap}`).toBeGreaterThan(10);
    expect(item.gap.subject, `name what was not read, in "subject": ${gap}`).not.toBe('');
    expect(item.gap.reason, `the collector broke: ${gap}`).not.toBe('bug');
  }
}

async function checkAbort(collector: Collector, one: CollectorCase): Promise<void> {
  const controller = new AbortController();
  controller.abort();
  await expectStop(collector, one, controller, 0);
  await expectStop(collector, one, new AbortController(), 1);
}

/** Aborts after `items` items and expects the end soon, by a return or an abort error. */
async function expectStop(
  collector: Collector,
  one: CollectorCase,
  controller: AbortController,
  items: number,
): Promise<void> {
  const context = { ...one.context(), signal: controller.signal };
  let seen = 0;
  let abortedAt = performance.now();
  try {
    for await (const _ of start(collector, one, context)) {
      seen += 1;
      if (seen !== items) continue;
      abortedAt = performance.now();
      controller.abort();
    }
  } catch (error) {
    if (!(error instanceof Error) || !/abort/i.test(`${error.name} ${error.message}`)) throw error;
  }
  const ms = Math.round(performance.now() - abortedAt);
  expect(ms, `went on for ${ms} ms after the abort; look at context.signal between items`).toBeLessThan(STOP_WITHIN);
}

/** A recording gives the same without a network; a live target gives one gap and nothing else. */
async function checkOffline(collector: Collector, one: CollectorCase): Promise<void> {
  const { network: _, ...context } = one.context();
  const items = await collectAll(collector, one, context);
  if (one.address?.().scheme === 'dump') {
    expect(items).toEqual(await collectAll(collector, one));
    return;
  }
  const gaps = items.filter((item) => item.kind === 'gap' && item.gap.scope === true);
  expect(gaps.length, 'without a network a live target is one gap with scope: true').toBeGreaterThan(0);
  const brought = items.filter((item) => item.kind === 'identity' || item.kind === 'artifact');
  expect(brought, 'without a network nothing can be known of a live target').toEqual([]);
}
