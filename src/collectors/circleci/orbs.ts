import { asText, type Loose } from '../shared/loose.ts';

/** A whole version of a public orb never changes. `volatile`, `dev:` and a part of a version do. */
const WHOLE = /@\d+\.\d+\.\d+$/;
/** Orbs of CircleCI itself. */
const FIRST_PARTY = /^circleci\//;

/** Orbs of others that can change without a change of this file: their name in the file, and what it stands for. */
export function floatingOrbs(orbs: Loose): ReadonlyMap<string, string> {
  const floating = new Map<string, string>();
  for (const [name, orb] of Object.entries(orbs)) {
    const source = asText(orb);
    // An orb that is written in the file is a map.
    if (source === undefined || WHOLE.test(source) || FIRST_PARTY.test(source) || source.includes('<<')) continue;
    floating.set(name, source);
  }
  return floating;
}

/** Names of orbs in the names of steps and jobs: `aws-cli/setup` is of `aws-cli`. */
export function orbsOf(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (name.includes('/') ? [name.split('/')[0] ?? ''] : []));
}
