import type { JoinKey } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import type { FoundSecret } from '../contract.ts';

/** Value of the first key of a kind, among the secret's own keys. */
export function ownKey({ keys }: FoundSecret, kind: string): string | undefined {
  return firstValue(keys, kind);
}

/** Value of the first key of a kind that stands near the secret. */
export function nearbyKey({ nearbyKeys }: FoundSecret, kind: string): string | undefined {
  return firstValue(nearbyKeys, kind);
}

/** A fact as text; a number is one, too. */
export function textFact({ facts }: FoundSecret, name: string): string | undefined {
  const value: Json | undefined = facts[name];
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A key, or none where the value is unknown. */
export function keyList(kind: string, value: string | undefined): readonly JoinKey[] {
  return value === undefined || value === '' ? [] : [{ kind, value }];
}

function firstValue(keys: readonly JoinKey[], kind: string): string | undefined {
  return keys.find((key) => key.kind === kind)?.value;
}
