import type { Json } from '../../model/json.ts';

type Options = Readonly<Record<string, Json>>;

/** A number option, or the fallback where it is absent or no number. */
export function readNumber(options: Options, name: string, fallback: number): number {
  const value = options[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

/** A text option, or the fallback where it is absent or no text. */
export function readText(options: Options, name: string, fallback: string): string {
  const value = options[name];
  return typeof value === 'string' ? value : fallback;
}

/** True only where the option is written as `true`. */
export function readFlag(options: Options, name: string): boolean {
  return options[name] === true;
}

/** A list of texts; other elements are left out. */
export function readTexts(options: Options, name: string): readonly string[] {
  const value = options[name];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string');
}
