import type { FlagDefinition } from './definition.ts';
import { JUDGING_FLAGS } from './judging-flags.ts';
import { OUTPUT_FLAGS } from './output-flags.ts';
import { READING_FLAGS } from './reading-flags.ts';
import { VERB_FLAGS } from './verb-flags.ts';

/**
 * Every flag, once. Commander, types, the quick path, the Action's inputs, help and shell completion are derived from
 * it.
 */
export const FLAGS = [
  ...READING_FLAGS,
  ...JUDGING_FLAGS,
  ...OUTPUT_FLAGS,
  ...VERB_FLAGS,
] as const satisfies readonly FlagDefinition[];
