import type { Identity } from '../../model/identity.ts';
import type { RiskSubject } from '../contract.ts';

const DAY = 86_400_000;

/** Value of an attribute, or undefined when nobody could read it. */
export function attributeOf(identity: Identity | undefined, name: string): unknown {
  return identity?.attributes[name]?.value;
}

/** Attribute of the credential's own node where there is one, else of the principal. */
export function credentialAttribute(subject: RiskSubject, name: string): unknown {
  return attributeOf(subject.credentialIdentity ?? subject.identity, name);
}

/** Attribute of the principal, else of the credential's node. */
export function principalAttribute(subject: RiskSubject, name: string): unknown {
  return attributeOf(subject.identity, name) ?? attributeOf(subject.credentialIdentity, name);
}

/** A fact that the value itself or a live check proved; the live check knows better. */
export function factOf(subject: RiskSubject, name: string): unknown {
  return subject.verdict.facts?.[name] ?? subject.facts[name];
}

/** Milliseconds since 1970 of an ISO date, or undefined when it is no date. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** Days from the date to `now`; negative in the future, undefined when it is no date. */
export function daysSince(value: unknown, now: Date): number | undefined {
  const time = timeOf(value);
  return time === undefined ? undefined : (now.getTime() - time) / DAY;
}

/** A list attribute with at least one entry. */
export function hasEntries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** `2 days`, `1 day`. */
export function inDays(days: number): string {
  const whole = Math.max(0, Math.floor(days));
  return `${whole} ${whole === 1 ? 'day' : 'days'}`;
}
