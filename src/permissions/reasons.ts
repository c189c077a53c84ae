import type { Power } from './contract.ts';

/** Most characters of a resource that a reason shows. */
const LONGEST = 120;

/** A power as text: what, on what, by which policy and at which place. */
export function describePower({ actions, resource, source }: Power): string {
  const { policy, location } = source;
  const line = location?.startLine;
  const place = location?.path === undefined ? '' : `, ${location.path}${line === undefined ? '' : `:${line}`}`;
  return `${shorten(actions.join(' + '))} on ${shorten(resource)} (policy ${shorten(policy)}${place})`;
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
