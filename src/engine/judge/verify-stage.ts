import type { SecretGroup } from '../../correlate/correlate.ts';
import { ProviderError } from '../../model/errors.ts';
import { NOT_TRIED, type Verdict } from '../../model/verdict.ts';
import { verifySecret } from '../../verifiers/http.ts';
import { verifiers } from '../../verifiers/index.generated.ts';
import type { ScanContext, ScanOptions } from '../plan/contract.ts';

/** Live checks at the same time, over all hosts. */
const AT_ONCE = 4;

/**
 * Asks the providers about each secret, once, where `--verify` was given. Placeholders are never sent. Trouble is the
 * verdict "unknown", never a crash.
 */
export async function verifyGroups(
  options: ScanOptions,
  context: ScanContext,
  groups: readonly SecretGroup[],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  if (options.verify !== true) return verdicts;
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(AT_ONCE);
  const tell = (scanned: number): void =>
    context.onProgress?.({ phase: 'verifying', target: '', planned: groups.length, scanned, bytes: 0, matches: 0 });
  tell(0);
  const tasks = groups.map((group) =>
    limit(async () => {
      verdicts.set(group.fingerprint, await verifyGroup(context, group));
      tell(verdicts.size);
    }),
  );
  await Promise.all(tasks);
  return verdicts;
}

async function verifyGroup(context: ScanContext, group: SecretGroup): Promise<Verdict> {
  if (group.grade === 'placeholder') return { ...NOT_TRIED, reason: 'a placeholder is never sent anywhere' };
  if (group.secret.isSealed) return { ...NOT_TRIED, reason: 'the value stayed where it was found' };
  const verifier = verifiers.find(({ id }) => id === group.rule.verifier);
  if (verifier === undefined)
    return { state: 'not-verifiable', reason: 'there is no live check for this kind of secret' };
  if (context.network === undefined) return { ...NOT_TRIED, reason: 'this run is offline' };
  const { secret, parts } = group;
  try {
    return await verifySecret(verifier, { secret, parts, now: context.now() }, context.network);
  } catch (error) {
    if (error instanceof ProviderError) return { state: 'unknown', reason: error.message, verifier: verifier.id };
    // A bug of the verifier: the text of its error may hold the secret.
    const name = error instanceof Error ? error.name : typeof error;
    return {
      state: 'unknown',
      reason: `the verifier "${verifier.id}" failed (${name}); this is a bug`,
      verifier: verifier.id,
    };
  }
}
