import type { OutputParts } from './contract.ts';
import { EVENT_KINDS } from './event.ts';

/** JSON Schema (2020-12) of one receiver in the user's file: what every output has, and what its type adds. */
export function settingsSchema({ id, settings, required }: Pick<OutputParts, 'id' | 'settings' | 'required'>) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Settings of the output ${id}`,
    type: 'object',
    additionalProperties: false,
    required: ['name', 'type', ...required],
    properties: {
      name: { type: 'string', maxLength: 60, pattern: '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$' },
      type: { const: id },
      events: { type: 'array', minItems: 1, maxItems: 20, items: { enum: EVENT_KINDS } },
      'min-severity': { enum: ['low', 'medium', 'high', 'critical'] },
      ...settings,
    },
  };
}
