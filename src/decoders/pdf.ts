import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import type { PdfStream } from './readers/pdf.ts';
import type { Fonts } from './readers/pdf-fonts.ts';
import { ByteSink, UnpackError } from './shared/byte-sink.ts';
import { allowedBytes, containerGap, toEntry } from './shared/container.ts';

const MAGIC = Buffer.from('%PDF-');

/** PDF documents: the text that pages show, and what else is packed in streams. Pictures are not looked at. */
export default defineDecoder({
  id: 'pdf',
  title: 'PDF document',
  form: 'container',
  begins: [0x25],
  accepts: ({ bytes }) => bytes[0] === MAGIC[0] && MAGIC.equals(bytes.subarray(0, MAGIC.length)),
  decode,
});

interface Unpacked {
  readonly object: number;
  readonly dictionary: string;
  readonly bytes: Uint8Array;
}

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const buffer = Buffer.from(artifact.bytes.buffer, artifact.bytes.byteOffset, artifact.bytes.length);
  if (/\/Encrypt\s+\d+\s+\d+\s+R/.test(buffer.toString('latin1'))) {
    return yield containerGap(artifact, 'unsupported', 'the PDF document is encrypted and was not scanned');
  }
  const { findStreams, isPicture, unpackStream } = await import('./readers/pdf.ts');
  const unpacked: Unpacked[] = [];
  for (const stream of findStreams(artifact.bytes)) {
    if (isPicture(stream) || stream.data.length === 0) continue;
    if (budget.entries <= 0) {
      yield containerGap(artifact, 'limit', 'holds more streams than the limit; the rest was not opened');
      break;
    }
    budget.entries -= 1;
    const { bytes, gap } = openStream(artifact, stream, budget, unpackStream);
    if (gap !== undefined) yield gap;
    if (bytes.length > 0) unpacked.push({ object: stream.object, dictionary: stream.dictionary, bytes });
  }
  yield* giveTexts(artifact, buffer, unpacked, budget);
}

function openStream(
  artifact: Artifact,
  stream: PdfStream,
  budget: DecodeBudget,
  unpack: (stream: PdfStream, newSink: () => ByteSink) => Uint8Array,
): { readonly bytes: Uint8Array; readonly gap?: Decoded } {
  const mostBytes = allowedBytes(budget, stream.data.length);
  let sink = new ByteSink(mostBytes);
  try {
    const bytes = unpack(stream, () => {
      sink = new ByteSink(mostBytes);
      return sink;
    });
    if (bytes.length > budget.bytes) throw new UnpackError('limit');
    budget.bytes -= bytes.length;
    return { bytes };
  } catch (error) {
    const { problem, message } = error instanceof UnpackError ? error : new UnpackError('corrupt');
    const bytes = sink.view();
    budget.bytes -= bytes.length;
    const text = {
      limit: `unpacks to more than ${mostBytes} bytes`,
      corrupt: 'is damaged or cut off',
      unsupported: message,
    }[problem];
    return { bytes, gap: containerGap(artifact, problem, `the stream of object ${stream.object} ${text}`) };
  }
}

/** Fonts first: they say what the codes on the pages stand for. */
async function* giveTexts(
  artifact: Artifact,
  buffer: Buffer,
  streams: readonly Unpacked[],
  budget: DecodeBudget,
): AsyncGenerator<Decoded> {
  const [{ Fonts }, { readText, showsText }] = await Promise.all([
    import('./readers/pdf-fonts.ts'),
    import('./readers/pdf-text.ts'),
  ]);
  const fonts = new Fonts();
  addFonts(fonts, buffer, streams);
  const problems = new Set<'unknown' | 'cut'>();
  for (const { object, bytes } of streams) {
    const content = Buffer.from(bytes).toString('latin1');
    if (!showsText(content)) {
      yield toEntry('pdf', artifact, `object ${object}`, bytes);
      continue;
    }
    const shown = readText(content, fonts, budget.bytes);
    const whole = Buffer.from(shown.text, 'utf8');
    const text = whole.subarray(0, budget.bytes);
    budget.bytes -= text.length;
    if (shown.hasUnknown) problems.add('unknown');
    if (shown.isCut || text.length < whole.length) problems.add('cut');
    if (text.length > 0) yield toEntry('pdf', artifact, `text of object ${object}`, text);
  }
  if (problems.has('unknown'))
    yield containerGap(artifact, 'unsupported', 'shows text in a font that does not say which characters it has');
  if (problems.has('cut')) {
    const message = 'shows more text than the limit of decoded bytes; what is beyond was not scanned';
    yield containerGap(artifact, 'limit', message);
  }
}

/** Notes what objects say of fonts: those of the file, those inside of streams, and maps of characters. */
function addFonts(fonts: Fonts, buffer: Buffer, streams: readonly Unpacked[]): void {
  const [, ...parts] = buffer.toString('latin1').split(/(\d{1,10})\s+\d+\s+obj\b/);
  for (let index = 0; index + 1 < parts.length; index += 2) {
    fonts.addObject(Number(parts[index]), beforeStream(parts[index + 1] ?? ''));
  }
  for (const { object, dictionary, bytes } of streams) {
    const text = Buffer.from(bytes).toString('latin1');
    if (/\/ObjStm\b/.test(dictionary))
      for (const inner of readObjects(text, dictionary)) fonts.addObject(inner.number, inner.text);
    else if (/begin(?:cmap|bfchar|bfrange)/.test(text)) fonts.addMap(object, text);
  }
}

/** What an object says of itself, without the data of its stream. */
function beforeStream(object: string): string {
  const end = object.search(/>>\s*stream/);
  return end < 0 ? object : object.slice(0, end);
}

/** Objects inside a stream: pairs of number and offset, then the objects (ISO 32000-2, 7.5.7). */
function* readObjects(text: string, dictionary: string): Generator<{ readonly number: number; readonly text: string }> {
  const first = Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? 0);
  const numbers = (text.slice(0, first).match(/\d+/g) ?? []).map(Number);
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const [number, offset, next] = [numbers[index] ?? 0, numbers[index + 1] ?? 0, numbers[index + 3]];
    yield { number, text: text.slice(first + offset, next === undefined ? undefined : first + next) };
  }
}
