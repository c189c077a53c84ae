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
    if (one.kind === 'artifact') {
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
