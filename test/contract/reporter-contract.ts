import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { RenderOptions, Reporter } from '../../src/reporters/contract.ts';

/** What the suite needs beside the reporter. */
export interface ReporterContractInput {
  readonly full: () => Report;
  readonly clean: () => Report;
  readonly empty: () => Report;
  /** Findings and identities in several repositories, with the same paths. */
  readonly several: () => Report;
  /** Raw values that stand in `full`; none may show, nor any half of one. */
  readonly secrets: readonly string[];
  readonly readFile: (path: string) => string | undefined;
}

/** C0 (but tab and line ends), DEL, C1, bidi and invisible characters. */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Every reporter passes this: what it promises whatever its format is. */
export function reporterContract(reporter: Reporter, input: ReporterContractInput): void {
  const plain = { color: false, width: 100, showSecrets: false, verbose: false, readFile: input.readFile };
  const variants: readonly RenderOptions[] = [
    plain,
    { ...plain, verbose: true, width: 1 },
    { ...plain, width: 100_000 },
    { color: false, width: 80, showSecrets: false, verbose: true },
  ];
  const reports = [input.full, input.clean, input.empty] as const;

  describe(`reporter ${reporter.id}`, () => {
    it('has an id, a title and an extension', () => {
      expect(reporter.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(reporter.title.length, `title of ${reporter.id}: say what it shows and for whom`).toBeGreaterThan(10);
      expect(reporter.extension).toMatch(/^[a-z0-9]+$/);
    });

    it('gives the same text for the same report', () => {
      for (const build of reports) expect(reporter.render(build(), plain)).toBe(reporter.render(build(), plain));
    });

    it('writes the text that it renders, in pieces', () => {
      for (const build of reports) {
        for (const options of variants) {
          const pieces: string[] = [];
          reporter.write(build(), options, (piece) => void pieces.push(piece));
          expect(pieces.join('')).toBe(reporter.render(build(), options));
        }
      }
    });

    it('does not change the report', () => {
      const report = input.full();
      const before = JSON.stringify(report);
      reporter.render(report, plain);
      expect(JSON.stringify(report)).toBe(before);
    });

    it('never holds a raw secret, nor half of one', () => {
      for (const options of variants) {
        const text = unescapeText(reporter.render(input.full(), options));
        for (const secret of input.secrets) {
          for (const part of [secret, firstHalf(secret), secondHalf(secret)]) {
            expect(text.includes(part), 'holds a secret or half of one; show the masked value').toBe(false);
          }
        }
      }
    });

    it('names the repository of every finding where a report covers several', () => {
      const text = unescapeText(reporter.render(input.several(), plain));
      const shown = new Map<string, number>();
      for (const { id, locations } of input.several().findings) {
        const name = locations[0]?.repository ?? '';
        shown.set(name, (shown.get(name) ?? 0) + Number(text.includes(id)));
      }
      expect(shown.size).toBeGreaterThan(1);
      for (const [name, count] of shown) {
        expect(text.split(name).length - 1).toBeGreaterThanOrEqual(Math.max(1, count));
      }
    });

    it('holds no control, bidi or invisible character', () => {
      for (const build of reports) {
        for (const options of variants) {
          expect(
            UNSEEN.exec(reporter.render(build(), options)),
            'clean what comes from outside with cleanText',
          ).toBeNull();
        }
      }
    });

    it('ends with one line break', () => {
      for (const build of reports) expect(reporter.render(build(), plain)).toMatch(/[^\r\n]\r?\n$/);
    });
  });
}

function firstHalf(secret: string): string {
  return secret.slice(0, Math.ceil(secret.length / 2));
}

function secondHalf(secret: string): string {
  return secret.slice(Math.ceil(secret.length / 2));
}

/** Undoes JSON, XML and Markdown escapes well enough that an escaped secret is still found. */
function unescapeText(text: string): string {
  return text
    .replace(/\\n/g, '\n')
    .replace(/\\(.)/g, '$1')
    .replace(/&quot;|""/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&(?:apos|#39);/g, "'")
    .replace(/&amp;/g, '&');
}
