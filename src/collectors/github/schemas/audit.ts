import {
  flag,
  mapped,
  numericId,
  object,
  optional,
  type Shape,
  type Shaped,
  text,
} from '../../../clients/shared/shape.ts';
import { isMachine } from '../identify/names.ts';

/** A SHA-256 in base64, with or without padding. */
const HASH = /^([A-Za-z0-9+/]{43})=?$/;
const BROWSER = /^Mozilla\/|^browser$/;

/**
 * The fields of an event that say which credential acted, or who made one. Of the user agent only its kind stays; what
 * the event was about (names of branches, titles, addresses) is dropped.
 */
export const auditEvent = object({
  '@timestamp': moment(),
  action: text(),
  actor: optional(text()),
  actor_is_bot: optional(flag()),
  user: optional(text()),
  hashed_token: optional(mapped(text(), paddedHash)),
  programmatic_access_type: optional(text()),
  token_id: optional(numericId()),
  token_scopes: optional(text()),
  user_programmatic_access_name: optional(text()),
  user_agent: optional(mapped(text(16_384), (agent) => (BROWSER.test(agent) ? 'browser' : 'program'))),
  hook_id: optional(numericId()),
  deploy_key_fingerprint: optional(text()),
  application_client_id: optional(text()),
  integration: optional(text()),
});

export type AuditEvent = Shaped<typeof auditEvent>;

/** True for an event of which something is used. Most events of a log are about issues and pull requests. */
export function isOfInterest(event: AuditEvent): boolean {
  if (event.hashed_token !== undefined || event.hook_id !== undefined) return true;
  if (event.deploy_key_fingerprint !== undefined || event.programmatic_access_type !== undefined) return true;
  if (event.action.startsWith('integration_installation.')) return true;
  if (event.action.startsWith('personal_access_token.')) return true;
  return event.user_agent === 'browser' && isMachine(event.actor ?? '', undefined);
}

/** The base64 of a hash with its padding, and the empty text for anything else. */
function paddedHash(hash: string): string {
  const [, bare] = HASH.exec(hash) ?? [];
  return bare === undefined ? '' : `${bare}=`;
}

/** Milliseconds since 1970, as the log writes them, or a date in ISO 8601, as a recording does. */
function moment(): Shape<string> {
  return {
    read: (value) => {
      const time = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
      const valid = Number.isFinite(time) && Math.abs(time) < 8.64e15;
      return valid ? new Date(time).toISOString().replace('.000Z', 'Z') : undefined;
    },
  };
}
