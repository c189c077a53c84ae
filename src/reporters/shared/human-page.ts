import { cleanText, makePaint, type Paint, padText, type Style, wrapText } from '../../lib/text/terminal.ts';
import type { Severity } from '../../model/match.ts';
import type { Put, RenderOptions } from '../contract.ts';

/** Narrower terminals get this width and wrap by themselves. */
const LEAST_WIDTH = 40;
/** Wider terminals are not filled, because long lines are hard to read. */
const MOST_WIDTH = 120;
const LABEL_WIDTH = 8;

/** A text that is being written. Every foreign text is cleaned here, so no caller can forget it. */
export interface Page {
  readonly paint: Paint;
  readonly width: number;
  /** An empty line, never two and never at the top. */
  gap(): void;
  heading(text: string): void;
  /** Wrapped text with an indent in columns. */
  paragraph(text: string, indent: number, styles?: readonly Style[]): void;
  /** A label column and wrapped text beside it. */
  field(label: string, text: string, styles?: readonly Style[]): void;
  /** Parts with their own styles on one line; later lines never wrap into them. */
  line(indent: number, ...parts: readonly (readonly [text: string, ...styles: Style[]])[]): void;
}

/** An empty page for the options' width and colour. Its lines leave by `put`. */
export function makePage(options: RenderOptions, put: Put): Page {
  const paint = makePaint(options.color);
  const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, options.width));
  let isEmpty = true;
  const add = (line: string) => {
    put(`${line}\n`);
    isEmpty = line === '';
  };
  const push = (indent: number, body: string, ...styles: Style[]) => {
    add(`${' '.repeat(indent)}${paint(defuseCommand(body), ...styles)}`.trimEnd());
  };
  const gap = () => {
    if (!isEmpty) add('');
  };
  return {
    paint,
    width,
    gap,
    heading(text) {
      gap();
      push(0, cleanText(text), 'bold');
    },
    paragraph(text, indent, styles = []) {
      for (const line of wrapText(cleanText(text), width - indent)) push(indent, line, ...styles);
    },
    field(label, text, styles = []) {
      const column = LABEL_WIDTH + 1;
      const [first = '', ...rest] = wrapText(cleanText(text), width - 2 - column);
      add(`  ${paint(padText(label, LABEL_WIDTH), 'dim')} ${paint(first, ...styles)}`.trimEnd());
      for (const line of rest) push(2 + column, line, ...styles);
    },
    line(indent, ...parts) {
      const body = parts.map(([text, ...styles]) => paint(cleanText(text), ...styles)).join('');
      push(indent, body);
    },
  };
}

/** CI runners obey lines that start with `::` or hold `##[`; a wrapped foreign text must not become one. */
function defuseCommand(line: string): string {
  return line.replace(/^(\s*)::/, '$1: :').replace(/##\[/g, '## [');
}

const SEVERITY_STYLES: Readonly<Record<Severity, readonly Style[]>> = {
  critical: ['bold', 'magenta'],
  high: ['bold', 'red'],
  medium: ['bold', 'yellow'],
  low: ['bold', 'blue'],
  none: ['bold'],
};

/** Colours of a severity; the word always stands beside it. */
export function severityStyles(severity: Severity): readonly Style[] {
  return SEVERITY_STYLES[severity];
}
