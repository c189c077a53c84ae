import { LONGEST, TemplateError } from './error.ts';
import { GENERATORS } from './generators.ts';
import { BASE32, BASE62, BASE64, BASE64URL, createRandom, DIGITS, LOWER, type Random, UPPER } from './random.ts';

const ALPHABETS: Readonly<Record<string, string>> = {
  alnum: BASE62,
  base62: BASE62,
  hex: `${DIGITS}abcdef`,
  HEX: `${DIGITS}ABCDEF`,
  digits: DIGITS,
  lower: LOWER,
  upper: UPPER,
  'lower-alnum': LOWER + DIGITS,
  'upper-alnum': UPPER + DIGITS,
  base32: BASE32,
  base64: BASE64,
  base64url: BASE64URL,
};

export { TemplateError } from './error.ts';

/** Names a template may use, besides `any-of`, `uuid` and the values given to `expandTemplate`. */
export function templateNames(): readonly string[] {
  return [...Object.keys(ALPHABETS), 'any-of', 'uuid', ...Object.keys(GENERATORS)].sort();
}

/**
 * Expands an example template: `{hex:32}`, `{base62:20-40}`, `{any-of:abcdef0123:20}`, `{uuid}`, a generator of
 * `template-generators.ts` (`{github-crc:36}`), or a name of `values` (`{secret}`). `{{` and `}}` are braces. The same
 * template and seed always give the same text. Throws `TemplateError`.
 */
export function expandTemplate(template: string, seed: string, values: Readonly<Record<string, string>> = {}): string {
  const random = createRandom(seed);
  const parts: string[] = [];
  let position = 0;
  while (position < template.length) {
    const [text, next] = expandPart(template, position, random, values);
    parts.push(text);
    position = next;
  }
  return parts.join('');
}

function expandPart(
  template: string,
  start: number,
  random: Random,
  values: Readonly<Record<string, string>>,
): readonly [text: string, next: number] {
  const two = template.slice(start, start + 2);
  if (two === '{{' || two === '}}') return [two.charAt(0), start + 2];
  if (two.startsWith('}')) throw new TemplateError(`a lone "}" at character ${start + 1}; write "}}" for a brace`);
  if (!two.startsWith('{')) return readText(template, start);
  const end = template.indexOf('}', start);
  const body = template.slice(start + 1, end);
  if (end < 0 || !/^[A-Za-z][\w-]*(:|$)/.test(body)) {
    throw new TemplateError(`"{" at character ${start + 1} opens no placeholder; write "{{" for a brace`);
  }
  return [expandPlaceholder(body, random, values), end + 1];
}

function readText(template: string, start: number): readonly [text: string, next: number] {
  let end = start;
  while (end < template.length && template[end] !== '{' && template[end] !== '}') end++;
  return [template.slice(start, end), end];
}

function expandPlaceholder(body: string, random: Random, values: Readonly<Record<string, string>>): string {
  const [name = '', ...args] = body.split(':');
  if (Object.hasOwn(values, name)) return values[name] ?? '';
  if (name === 'uuid') return makeUuid(random);
  if (name === 'any-of') return random.text(args.slice(0, -1).join(':'), readLength(args.at(-1), random, body));
  const alphabet = Object.hasOwn(ALPHABETS, name) ? ALPHABETS[name] : undefined;
  if (alphabet !== undefined) return random.text(alphabet, readLength(args[0], random, body));
  const generate = Object.hasOwn(GENERATORS, name) ? GENERATORS[name] : undefined;
  if (generate !== undefined) return expandGenerator(() => generate(args, random), body);
  throw new TemplateError(`unknown placeholder "{${body}}"; write one of ${templateNames().join(', ')}`);
}

/** A generator takes what it was made for: an account that is no number, say, is a mistake in the template. */
function expandGenerator(generate: () => string, body: string): string {
  try {
    return generate();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(`"{${body}}" has an argument that its generator cannot take`);
  }
}

function readLength(text: string | undefined, random: Random, body: string): number {
  const form = /^(\d+)(?:-(\d+))?$/.exec(text ?? '');
  const least = Number(form?.[1] ?? Number.NaN);
  const most = Number(form?.[2] ?? least);
  if (!(least <= most && most <= LONGEST)) {
    throw new TemplateError(`"{${body}}" needs a length such as 32 or 20-40 (at most ${LONGEST})`);
  }
  return least + random.integer(most - least + 1);
}

function makeUuid(random: Random): string {
  const hex = random.text(`${DIGITS}abcdef`, 30);
  const variant = '89ab'.charAt(random.integer(4));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18)}`;
}
