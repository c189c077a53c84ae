import type { OutputSettings } from '../contract.ts';

/** Name of a variable of the environment: at least two words, so that hardly any token looks like one. */
export const VARIABLE = { type: 'string', maxLength: 100, pattern: '^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$' } as const;
/** A host name, with a port where it is not the usual one. */
export const HOST = {
  type: 'string',
  maxLength: 260,
  pattern: '^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:]+\\])(?::[0-9]{1,5})?$',
} as const;
/** An https address without user name; http only to this machine. */
export const ADDRESS = {
  type: 'string',
  maxLength: 1000,
  pattern: '^(?:https://|http://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?=[:/]|$))[^\\s@#]+$',
} as const;

/** A setting that the schema promises to be a text. */
export function textOf(settings: OutputSettings, name: string): string {
  const value = settings[name];
  if (typeof value !== 'string') throw new Error(`bug: the setting ${name} is no text; the schema asks for one`);
  return value;
}

/** A setting that may be absent. */
export function optionalText(settings: OutputSettings, name: string): string | undefined {
  const value = settings[name];
  return typeof value === 'string' ? value : undefined;
}

/** Host of an address in the settings, as `allowedHosts` of a network takes it. */
export function hostOf(address: string): string {
  const url = new URL(address);
  return url.host;
}

/** An address below another one: `/api` of the user's address stays. */
export function addressBelow(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}${path}`;
}
