/**
 * The library. `scan` is the one entry that every front uses; everything else is types, the contracts of plug-ins and
 * the rule loader.
 *
 * @example
 * const report = await scan({ targets: ['.'] }, createScanContext());
 *
 * @example A GitHub organisation: the only network is one that the caller gives.
 * const offline = createScanContext();
 * const network = createDefaultNetwork(offline.env, offline.version, fetch);
 * const report = await scan({ targets: ['github:acme'] }, { ...offline, network });
 *
 * @example The same in steps: gather where the repositories are, judge once.
 * const plan = await makePlan({ targets: ['shop', 'till'] }, context);
 * const gathered = joinGathered(await Promise.all(plans.map(gather)));
 * const finished = report(plan, gathered, await judge(plan, gathered));
 *
 * @example On many machines: what leaves each of them holds no raw value.
 * const sealed = JSON.stringify(sealGathered(plan, await gather(plan)));
 * const joined = unsealGathered(wholePlan, [JSON.parse(sealed), JSON.parse(another)]);
 */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScanContext } from './engine/plan/contract.ts';

export type {
  CollectContext,
  Collected,
  Collector,
  DeclarationCollector,
  DeclaredItem,
  SourceCollector,
} from './collectors/contract.ts';
export { defineCollector } from './collectors/contract.ts';
export { defineJoin, type Join } from './correlate/contract.ts';
export { type Decoder, defineDecoder } from './decoders/contract.ts';
export { type Check, type CheckInput, type CheckOutcome, defineCheck } from './detect/contract.ts';
export { renderReport } from './engine/ask/render.ts';
export type { Gathered } from './engine/gather/contract.ts';
export { gather } from './engine/gather/gather.ts';
export { joinGathered } from './engine/gather/join-gathered.ts';
export type { Judged } from './engine/judge/contract.ts';
export { judge } from './engine/judge/judge.ts';
export { report } from './engine/judge/report.ts';
export type { Plan, ScanContext, ScanOptions } from './engine/plan/contract.ts';
export { makePlan } from './engine/plan/make-plan.ts';
export { createDefaultNetwork, type Network } from './engine/plan/network.ts';
export { scan } from './engine/scan.ts';
export type { SealedGathered } from './engine/seal/contract.ts';
export { sealGathered } from './engine/seal/seal.ts';
export { unsealGathered } from './engine/seal/unseal.ts';
export { ConfigError, ProviderError, UsageError } from './model/errors.ts';
export type {
  Finding,
  Owner,
  PostureFinding,
  Score,
  ScoreFactor,
  SecretFinding,
  Suppression,
} from './model/finding.ts';
export type { Coverage, Gap, GapReason, Skip } from './model/gap.ts';
export type { Edge, Grant, Identity, IdentityId, JoinKey } from './model/identity.ts';
export type { Location } from './model/location.ts';
export type { Report, Summary } from './model/report.ts';
export { Secret } from './model/secret.ts';
export type { Verdict } from './model/verdict.ts';
export { defineOperator, type Operator } from './posture/contract.ts';
export { defineReporter, type RenderOptions, type Reporter } from './reporters/contract.ts';
export { defineFactor, type Factor } from './risk/contract.ts';
export { loadBuiltinCatalogue, loadCatalogue } from './ruleset/index.ts';
export { defineVerifier, type Verifier } from './verifiers/contract.ts';

declare const BOWERBIRD_VERSION: string;

/** A context of the running process: offline, unless a network is given. Every part can be replaced. */
export function createScanContext(parts: Partial<ScanContext> = {}): ScanContext {
  return {
    now: () => new Date(),
    cwd: process.cwd(),
    env: process.env,
    home: dirname(fileURLToPath(import.meta.url)),
    version: typeof BOWERBIRD_VERSION === 'string' ? BOWERBIRD_VERSION : '0.0.0',
    clock: () => performance.now(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    ...parts,
  };
}
