import { recordOf } from '../../lib/fields/record-of.ts';
import type { Attribute, Identity } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';

/** Value of an attribute; undefined if it could not be read. */
export function attributeValue(identity: Identity | undefined, name: string): Json | undefined {
  return identity?.attributes[name]?.value;
}

/** Text of an attribute, or undefined. */
export function textOf(identity: Identity | undefined, name: string): string | undefined {
  const value = attributeValue(identity, name);
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list attribute; undefined when it is not a list. */
export function listOf(identity: Identity | undefined, name: string): readonly string[] | undefined {
  const value = attributeValue(identity, name);
  if (!Array.isArray(value)) return undefined;
  return value.filter((item: Json): item is string => typeof item === 'string');
}

/** Attributes that correlate or a join computed, with the name of what computed them as source. */
export function computed(source: string, values: Readonly<Record<string, Json>>): Record<string, Attribute> {
  return recordOf(Object.entries(values).map(([name, value]) => [name, { value, source }]));
}

/** Milliseconds since 1970 of an ISO date, or undefined. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** When a credential got its present value, where that is known; the date of a commit says only that it was there. */
export function bornAt(credential: Identity): number | undefined {
  const rotated = timeOf(textOf(credential, 'lastRotatedAt'));
  const created = credential.attributes['createdAt'];
  if (rotated !== undefined || created?.source === 'commit of the declaration') return rotated;
  return timeOf(created?.value);
}
