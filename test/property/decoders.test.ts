import fc from 'fast-check';
import { expect, it } from 'vitest';
import base64 from '../../src/decoders/base64.ts';
import type { Decoder } from '../../src/decoders/contract.ts';
import hex from '../../src/decoders/hex.ts';
import percent from '../../src/decoders/percent.ts';
import { isText } from '../../src/decoders/shared/spans.ts';
import unicodeEscape from '../../src/decoders/unicode-escape.ts';
import type { Artifact, ByteRange } from '../../src/model/artifact.ts';
import { tries } from './runs.ts';

interface Oracle {
  readonly decoder: Decoder;
  readonly run: RegExp;
  readonly decode: (run: string) => Buffer | undefined;
}

/** The same decoders, said in the plainest way. */
const ORACLES: readonly Oracle[] = [
  {
    decoder: base64,
    run: /[A-Za-z0-9+/_-]{20,}={0,2}/g,
    decode: (run) => (/^[a-z]+$|^[A-Z]+$|^[0-9a-f]+$/.test(run) ? undefined : Buffer.from(run, 'base64')),
  },
  {
    decoder: hex,
    run: /[0-9a-fA-F]{32,}/g,
    decode: (run) => (run.length % 2 === 0 ? Buffer.from(run, 'hex') : undefined),
  },
  {
    decoder: percent,
    run: /[A-Za-z0-9%\-._~:/?#[\]@!$&'()*+,;=]{16,}/g,
    decode: (run) =>
      /%[0-9a-f]{2}/i.test(run)
        ? Buffer.from(
            run.replace(/%([0-9a-f]{2})/gi, (_, two: string) => String.fromCharCode(Number.parseInt(two, 16))),
            'latin1',
          )
        : undefined,
  },
  {
    decoder: unicodeEscape,
    run: /(?:\\u00[0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}){12,}/g,
    decode: (run) => Buffer.from(run.replace(/\\u00|\\x/g, ''), 'hex'),
  },
];

const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
const piece = fc.oneof(
  plain,
  plain.map((text) => Buffer.from(text).toString('base64')),
  plain.map((text) => Buffer.from(text).toString('base64url')),
  plain.map((text) => Buffer.from(text).toString('hex')),
  plain.map((text) => encodeURIComponent(text)),
  plain.map((text) => Buffer.from(text).toString('hex').replace(/../g, '\\x$&')),
  plain.map((text) => Buffer.from(text).toString('hex').replace(/../g, '\\u00$&')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  fc.stringMatching(/^[a-z]{0,50}$/),
  fc.constantFrom(' ', '\n', '%', '%zz', '=', '"'),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
const ranges = fc.option(
  fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 3 }),
  { nil: undefined },
);

it.each(ORACLES)('$decoder.id: decodes what its definition says, whatever part is new', async (oracle) => {
  await fc.assert(
    fc.asyncProperty(text, ranges, async (bytes, drawn) => {
      const artifact = artifactOf(bytes, drawn && toRanges(drawn, bytes.length));
      expect(await spansOf(oracle.decoder, artifact)).toEqual(expectedSpans(oracle, artifact));
    }),
    { ...tries(2_000), seed: 7 },
  );
});

function artifactOf(bytes: Buffer, parts: readonly ByteRange[] | undefined): Artifact {
  return { origin: { collector: 'test', path: 'a.txt' }, bytes, ...(parts === undefined ? {} : { ranges: parts }) };
}

function toRanges(drawn: readonly (readonly [number, number])[], length: number): ByteRange[] {
  const sorted = [...drawn].sort((a, b) => a[0] - b[0]).filter(([start]) => start < length);
  const parts: { start: number; end: number }[] = [];
  for (const [start, size] of sorted) {
    const last = parts.at(-1);
    const end = Math.min(length, start + size);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else parts.push({ start, end });
  }
  return parts;
}

async function spansOf(decoder: Decoder, artifact: Artifact): Promise<unknown[]> {
  const found: unknown[] = [];
  const budget = { bytes: 1_000_000, entries: 10, ratio: 100 };
  if (!decoder.accepts(artifact)) return found;
  for await (const one of decoder.decode(artifact, budget)) {
    // Bytes that are no text are another matter.
    if (one.kind === 'artifact' && one.isFile !== true) {
      const { bytes, derivation } = one.artifact;
      found.push([derivation?.span, Buffer.from(bytes).toString('latin1')]);
    }
  }
  return found;
}

function expectedSpans({ run, decode }: Oracle, { bytes, ranges: parts }: Artifact): unknown[] {
  const whole = Buffer.from(bytes).toString('latin1');
  const found: unknown[] = [];
  for (const { 0: match, index } of whole.matchAll(run)) {
    const span = { start: index, end: index + match.length };
    const isNew = parts?.some(({ start, end }) => span.start < end && span.end > start) ?? true;
    const decoded = isNew ? decode(match) : undefined;
    if (decoded !== undefined && isText(decoded)) found.push([span, decoded.toString('latin1')]);
  }
  return found;
}

const width = fc.integer({ min: 14, max: 25 }).map((quarter) => 4 * quarter);
const lineBreak = fc.constantFrom('\n', '\r\n', '\n    ', '\\n', '\n\t');

it.each([['base64', base64] as const, ['hex', hex] as const])(
  '%s: lines that go on with each other are one text, whatever line is new, and places stand in it',
  async (id, decoder) => {
    const long = fc.string({ unit: 'grapheme-ascii', minLength: 120, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(
        long,
        width,
        lineBreak,
        fc.nat(),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (plainText, digits, between, line, share) => {
          const lines =
            Buffer.from(plainText)
              .toString(id)
              .match(new RegExp(`.{1,${digits}}`, 'g')) ?? [];
          const bytes = Buffer.from(`: ${lines.join(between)}"`);
          // A last line of fewer digits than any text has is no run by itself.
          const looked = lines.filter((one) => one.length >= 32).length;
          const at = 2 + (line % looked) * (digits + between.length);
          const artifact = artifactOf(bytes, [{ start: at + 1, end: at + 2 }]);
          const [found] = await piecesOf(decoder, artifact);
          expect(found?.text).toBe(plainText);
          const offset = Math.floor(share * plainText.length);
          const place = found?.placeOf?.({ start: offset, end: offset + 1 }) ?? { start: 0, end: 0 };
          const written = bytes.subarray(place.start, place.end).toString('latin1');
          expect(written.length).toBeGreaterThan(0);
          expect(lines.join('').includes(written.replaceAll(/\\n|\s/g, ''))).toBe(true);
          const before = bytes
            .subarray(2, place.start)
            .toString('latin1')
            .replaceAll(/\\n|\s/g, '');
          expect(before.length).toBe(Math.floor(offset * (id === 'hex' ? 2 : 4 / 3)));
        },
      ),
      tries(400),
    );
  },
);

async function piecesOf(decoder: Decoder, artifact: Artifact) {
  const pieces = [];
  for await (const piece of decoder.decode(artifact, { bytes: 1_000_000, entries: 10, ratio: 100 })) {
    if (piece.kind !== 'artifact') continue;
    const { bytes, derivation } = piece.artifact;
    pieces.push({ text: Buffer.from(bytes).toString('latin1'), placeOf: derivation?.placeOf });
  }
  return pieces;
}
