import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE64, createRandom, DIGITS, type Random } from '../../lib/template/random.ts';
import type { Artifact } from '../../model/artifact.ts';

/** Bytes of the whole corpus and of one file of it, about. */
const CORPUS_BYTES = 1_500_000;
const FILE_BYTES = 24_000;
const SEED = 'rule budget';

interface Kind {
  /** Template of the path. */
  readonly path: string;
  /** Percent of the corpus. */
  readonly share: number;
  readonly lines: readonly string[];
}

/**
 * Texts that look like a repository to rules: code, prose, configuration, lock files, logs, made from the words and
 * shapes in `fixtures/budget/`. Always the same.
 */
export function makeCorpus(root: string): readonly Artifact[] {
  const folder = join(root, 'fixtures', 'budget');
  const words = new WordList(readFileSync(join(folder, 'words.txt'), 'utf8'));
  const kinds = readKinds(readFileSync(join(folder, 'shapes.txt'), 'utf8'));
  const random = createRandom(SEED);
  return kinds.flatMap((kind) => {
    const files = Math.max(1, Math.round((kind.share * CORPUS_BYTES) / 100 / FILE_BYTES));
    return Array.from({ length: files }, () => makeFile(kind, random, words));
  });
}

function makeFile(kind: Kind, random: Random, words: WordList): Artifact {
  const writer = new ShapeWriter(random, words);
  const path = writer.expand(kind.path);
  const lines: string[] = [];
  for (let size = 0; size < FILE_BYTES; size += lines.at(-1)?.length ?? 1) {
    lines.push(`${writer.expand(kind.lines[random.integer(kind.lines.length)] ?? '')}\n`);
  }
  return { origin: { collector: 'files', path }, bytes: Buffer.from(lines.join('')) };
}

function readKinds(text: string): readonly Kind[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...lines] = part.replace(/\n$/, '').split('\n');
      const [, path = '', share = ''] = head.split(' ');
      return { path, share: Number(share), lines };
    });
}

/** Words drawn as often as they are in real sources. */
class WordList {
  readonly #words: string[] = [];
  /** Sum of the weights up to each word. */
  readonly #sums: number[] = [];

  constructor(text: string) {
    let sum = 0;
    for (const line of text.trimEnd().split('\n')) {
      const [rarity = '', ...words] = line.split(' ');
      for (const word of words) {
        sum += 2 ** (-Number(rarity) / 2);
        this.#words.push(word);
        this.#sums.push(sum);
      }
    }
  }

  draw(random: Random): string {
    const wanted = (random.integer(2 ** 30) / 2 ** 30) * (this.#sums.at(-1) ?? 0);
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#words[low] ?? '';
  }
}

const SHAPE = /%%|%([a-zA-Z])(\d*)/g;

class ShapeWriter {
  readonly #random: Random;
  readonly #words: WordList;

  constructor(random: Random, words: WordList) {
    this.#random = random;
    this.#words = words;
  }

  expand(shape: string): string {
    return shape.replace(SHAPE, (all, kind: string | undefined, count: string) =>
      kind === undefined ? '%' : (this.#draw(kind, Number(count)) ?? all),
    );
  }

  #draw(kind: string, count: number): string | undefined {
    const word = (): string => this.#words.draw(this.#random);
    switch (kind) {
      case 'w':
        return word();
      case 'W':
        return capitalise(word());
      case 'U':
        return word().toUpperCase();
      case 'c':
        return this.#some(2, 3)
          .map((one, index) => (index === 0 ? one : capitalise(one)))
          .join('');
      case 's':
        return this.#some(2, 3).join('_').toLowerCase();
      case 'k':
        return this.#some(2, 3).join('-').toLowerCase();
      case 'C':
        return this.#some(2, 3).join('_').toUpperCase();
      case 't':
        return this.#some(4, 12).join(' ');
      case 'T':
        return capitalise(this.#some(5, 14).join(' '));
      case 'p':
        return this.#some(2, 4).join('/');
      default:
        return this.#drawCharacters(kind, count);
    }
  }

  #drawCharacters(kind: string, count: number): string | undefined {
    const alphabet = { n: DIGITS.slice(1), d: DIGITS, h: '0123456789abcdef', b: BASE64 }[kind];
    if (alphabet === undefined) return undefined;
    const length = count === 0 ? 1 + this.#random.integer(3) : count;
    return Array.from({ length }, () => alphabet.charAt(this.#random.integer(alphabet.length))).join('');
  }

  #some(least: number, most: number): string[] {
    return Array.from({ length: least + this.#random.integer(most - least + 1) }, () => this.#words.draw(this.#random));
  }
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
