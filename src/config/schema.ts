import { DEFAULT_THRESHOLDS } from '../model/thresholds.ts';

const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text } as const;
const count = { type: 'integer', minimum: 0 } as const;
const number = { type: 'number', minimum: 0 } as const;

/** JSON Schema (2020-12) of `.bowerbird.yaml`. */
export const CONFIG_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Bowerbird configuration',
  type: 'object',
  additionalProperties: false,
  properties: {
    rules: {
      type: 'object',
      additionalProperties: false,
      properties: { pack: text, only: texts, except: texts, folders: texts },
    },
    exclude: texts,
    'fail-on': { enum: ['low', 'medium', 'high', 'critical'] },
    'allow-gaps': count,
    exposure: { enum: ['public', 'organisation', 'private', 'local', 'unknown'] },
    'fingerprint-key': { type: 'string', minLength: 16 },
    'inline-comments': { type: 'boolean' },
    'read-foreign-config': { type: 'boolean' },
    thresholds: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(Object.keys(DEFAULT_THRESHOLDS).map((name) => [name, number])),
    },
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: {
        'file-bytes': count,
        'decoded-bytes': count,
        'decode-depth': count,
        'decode-ratio': count,
        'archive-entries': count,
        'declaration-files': count,
        'request-timeout': count,
        pages: count,
      },
    },
    allow: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['reason'],
        properties: {
          reason: text,
          owner: text,
          expires: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
          rules: texts,
          paths: texts,
          patterns: texts,
          target: { enum: ['secret', 'line'] },
          words: texts,
          commits: texts,
        },
        anyOf: [
          { required: ['rules'] },
          { required: ['paths'] },
          { required: ['patterns'] },
          { required: ['words'] },
          { required: ['commits'] },
        ],
      },
    },
  },
} as const;
