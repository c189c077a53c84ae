import { asObject, asText, type Loose } from '../shared/loose.ts';

/** True if a step uses this action, whatever its version. GitHub compares names without case. */
export function usesAction(step: Loose, action: string): boolean {
  const [name = ''] = (asText(step['uses']) ?? '').split('@');
  return name.toLowerCase() === action;
}

/** The version that a reference names (`v4`, `v4.2.1`). Undefined for a commit or a branch. */
export function versionOf(step: Loose): { readonly major: number; readonly minor: number | undefined } | undefined {
  const version = /@v?(\d{1,4})(?:\.(\d{1,4}))?(?:\.\d{1,4})?$/.exec(asText(step['uses']) ?? '');
  if (version === null) return undefined;
  return { major: Number(version[1]), minor: version[2] === undefined ? undefined : Number(version[2]) };
}

/** An input of a step as text. */
export function inputOf(step: Loose, name: string): string | undefined {
  return asText(asObject(step['with'])[name]);
}

/** True for `true` as actions read it. */
export function isOn(value: unknown): boolean {
  return /^true$/i.test(asText(value) ?? '');
}

/** True for `false` as actions read it. */
export function isOff(value: unknown): boolean {
  return /^false$/i.test(asText(value) ?? '');
}
