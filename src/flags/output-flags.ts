import type { FlagDefinition } from './definition.ts';
import { SCANS } from './scans.ts';

const OUTPUT = 'Output:';

/** What a scan prints and writes. */
export const OUTPUT_FLAGS = [
  {
    name: 'report',
    verbs: SCANS,
    kind: 'list',
    value: '<format=file>',
    help: 'write a report; repeatable; without "=file" to standard output',
    group: OUTPUT,
    suggests: 'report',
  },
  { name: 'json', verbs: SCANS, kind: 'switch', help: 'short for --report json', group: OUTPUT },
  {
    name: 'quiet',
    verbs: SCANS,
    kind: 'switch',
    short: 'q',
    help: 'nothing on standard output but reports that were asked for',
    group: OUTPUT,
  },
  {
    name: 'verbose',
    verbs: SCANS,
    kind: 'switch',
    short: 'v',
    help: 'every location, factor and check',
    group: OUTPUT,
  },
  {
    name: 'color',
    verbs: SCANS,
    kind: 'switch',
    help: 'colours even where the output is no terminal',
    off: 'no colours (also: NO_COLOR)',
    group: OUTPUT,
  },
  { name: 'progress', verbs: SCANS, kind: 'switch', off: 'no progress line', group: OUTPUT },
  {
    name: 'show-secrets',
    verbs: SCANS,
    kind: 'switch',
    help: 'print raw values; only on your own terminal',
    group: OUTPUT,
  },
] as const satisfies readonly FlagDefinition[];
