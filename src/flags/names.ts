import type { FlagDefinition, Verb } from './definition.ts';
import { FLAGS } from './table.ts';

/** The flags of a verb, in the order of the table. */
export function flagsOf(verb: Verb): readonly FlagDefinition[] {
  const flags: readonly FlagDefinition[] = FLAGS;
  return flags.filter(({ verbs }) => verbs.includes(verb));
}

/** Everything that a user can write for a flag: `--quiet`, `-q`, `--no-color`. */
export function spellingsOf({ name, short, help, off }: FlagDefinition): readonly string[] {
  return [
    ...(help === undefined ? [] : [`--${name}`]),
    ...(short === undefined ? [] : [`-${short}`]),
    ...(off === undefined ? [] : [`--no-${name}`]),
  ];
}

/** `fail-on` as `failOn`. */
export function keyOf(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
