import { UnpackError } from '../shared/byte-sink.ts';

/** Numbers of a dictionary of parameters, as far as it tells them. */
interface Parameters {
  readonly predictor: number;
  /** Bytes of a row, and from one pixel to the next. */
  readonly row: number;
  readonly step: number;
}

/** Longest row that is undone: no text has one. */
const LONGEST_ROW = 1 << 20;

/**
 * Undoes the predictor of packed data (ISO 32000-2, 7.4.4.4): bytes are then differences to those before and above.
 * Those of PNG only. Throws `UnpackError` for others, and where another object holds the parameters.
 */
export function undoPredictor(bytes: Uint8Array, dictionary: string): Uint8Array {
  // Tables of objects are packed with one, and hold no text.
  if (/\/Type\s*\/XRef\b/.test(dictionary)) return bytes;
  // Never white space beside white space: a run of it would be divided in every way.
  if (/\/(?:DecodeParms|DP)(?:\s*\[)?\s*\d+\s+\d+\s+R\b/.test(dictionary))
    throw new UnpackError('unsupported', 'does not tell how it was prepared for packing');
  const parameters = readParameters(dictionary);
  if (parameters.predictor <= 1) return bytes;
  if (parameters.predictor < 10 || parameters.row > LONGEST_ROW)
    throw new UnpackError('unsupported', `has the predictor ${parameters.predictor}`);
  return undoRows(bytes, parameters);
}

function readParameters(dictionary: string): Parameters {
  const numberOf = (name: string, usual: number): number =>
    Number(new RegExp(`/${name}\\s+(\\d{1,9})\\b`).exec(dictionary)?.[1] ?? usual);
  const bits = numberOf('Colors', 1) * numberOf('BitsPerComponent', 8);
  return {
    predictor: numberOf('Predictor', 1),
    row: Math.ceil((bits * numberOf('Columns', 1)) / 8),
    step: Math.max(1, Math.ceil(bits / 8)),
  };
}

/** Rows of PNG: a byte for the kind of difference, then the bytes. */
function undoRows(bytes: Uint8Array, { row, step }: Parameters): Uint8Array {
  const rows = Math.ceil(bytes.length / (row + 1));
  const undone = new Uint8Array(Math.max(0, bytes.length - rows));
  let to = 0;
  for (let start = 0; start < bytes.length; start += row + 1) {
    const kind = bytes[start] as number;
    const end = Math.min(bytes.length, start + 1 + row);
    const first = to;
    for (let at = start + 1; at < end; at += 1, to += 1) {
      const left = to - step >= first ? (undone[to - step] as number) : 0;
      const above = first === 0 ? 0 : (undone[to - row] as number);
      const corner = first === 0 || to - step < first ? 0 : (undone[to - row - step] as number);
      undone[to] = (bytes[at] as number) + predict(kind, left, above, corner);
    }
  }
  return undone;
}

function predict(kind: number, left: number, above: number, corner: number): number {
  if (kind === 1) return left;
  if (kind === 2) return above;
  if (kind === 3) return (left + above) >> 1;
  return kind === 4 ? paeth(left, above, corner) : 0;
}

/** Of three neighbours the one that is nearest to their sum (PNG, 9.4). */
function paeth(left: number, above: number, corner: number): number {
  const sum = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
