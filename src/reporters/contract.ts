import type { Report } from '../model/report.ts';

/** What a reporter may vary by. Never the exit code. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal; 80 where unknown. */
  readonly width: number;
  /** Raw values instead of redacted ones: only with `--show-secrets`, only where a person asked for it. */
  readonly showSecrets: boolean;
  /** Verbose: every location, factor and check. */
  readonly verbose: boolean;
  /** Text of a file at a path of the scanned tree, for line hashes; undefined where it is not at hand. */
  readFile?(path: string): string | undefined;
}

/** Takes the next piece of a text. */
export type Put = (piece: string) => void;

/** What every output format says of itself. */
interface Format {
  /** Kebab-case, the file's name and the name in `--report <id>=<file>`. */
  readonly id: string;
  readonly title: string;
  /** File extension without the dot. */
  readonly extension: string;
}

/** One output format: a pure function from report to text. The same report gives the same text. */
export interface Reporter extends Format {
  /** The whole text. */
  render(report: Report, options: RenderOptions): string;
  /** The same text, piece by piece: that of a large inventory takes more memory than all that was found. */
  write(report: Report, options: RenderOptions, put: Put): void;
  /** The same pieces, made when they are asked for: a reader that is slow can be waited for. Some formats have it. */
  pieces?(report: Report, options: RenderOptions): Iterable<string>;
}

/** A format whose text stays small. */
type RenderedFormat = Format & Pick<Reporter, 'render'>;
/** A format whose text grows with the report. */
type WrittenFormat = Format & Pick<Reporter, 'write'>;

/** A format whose text may be larger than the memory that a slow reader is worth. */
type PiecedFormat = Format & Required<Pick<Reporter, 'pieces'>>;

/** Makes a reporter of a format that says how its text is rendered, written, or made piece by piece. */
export function defineReporter(format: RenderedFormat | WrittenFormat | PiecedFormat): Reporter {
  if ('pieces' in format) {
    const write: Reporter['write'] = (report, options, put) => {
      for (const piece of format.pieces(report, options)) put(piece);
    };
    return { ...format, write, render: (report, options) => [...format.pieces(report, options)].join('') };
  }
  if ('write' in format) return { ...format, render: (report, options) => joinPieces(format, report, options) };
  return { ...format, write: (report, options, put) => put(format.render(report, options)) };
}

function joinPieces(format: WrittenFormat, report: Report, options: RenderOptions): string {
  const pieces: string[] = [];
  format.write(report, options, (piece) => void pieces.push(piece));
  return pieces.join('');
}
