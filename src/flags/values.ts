import { didYouMean } from '../lib/text/nearest.ts';
import { UsageError } from '../model/errors.ts';
import type { FlagDefinition } from './definition.ts';

type Kind = Pick<FlagDefinition, 'kind' | 'choices' | 'least' | 'most'>;

/**
 * Reads the value of a flag or input. `name`: what the user called it, for the message.
 * @throws UsageError that says what to write instead
 */
export function readValue(definition: Kind, name: string, text: string): string | number {
  if (text === '') throw new UsageError(`${name} is empty. Write a value behind it, or leave ${name} out.`);
  if (definition.kind === 'count') return readCount(definition, name, text);
  if (definition.kind === 'size') return readSize(name, text);
  const { choices } = definition;
  if (choices === undefined || choices.includes(text)) return text;
  throw new UsageError(`${name} is "${text}"${didYouMean(text, choices)}. Write one of: ${choices.join(', ')}.`);
}

/** A whole number, of zero or more unless the definition says otherwise. */
function readCount({ least = 0, most = 999_999_999 }: Kind, name: string, text: string): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count >= least && count <= most) return count;
  const bounds = least === 0 ? 'a whole number, for example 3' : `a whole number from ${least} to ${most}`;
  throw new UsageError(`${name} is "${text}". Write ${bounds}.`);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** A size in bytes: `500MB`, `1.5GB`, `4096`. */
function readSize(name: string, text: string): number {
  const parts = /^(\d{1,12}(?:\.\d{1,3})?)\s*([kmg]?b?)$/i.exec(text);
  const unit = (parts?.[2] ?? '').toLowerCase();
  const factor = UNITS[/^[kmg]$/.test(unit) ? `${unit}b` : unit];
  if (parts === null || factor === undefined) {
    throw new UsageError(`${name} is "${text}". Write a size, for example 500MB.`);
  }
  return Math.floor(Number(parts[1]) * factor);
}
