import type { Loose } from '../shared/loose.ts';
import { evaluateCondition } from './conditions.ts';
import { readValue } from './values.ts';

/** A line of a template that is a directive and nothing else; its first word. */
const LINE = /^[ \t]*\{\{-?\s*([a-z]+)\b([^}]*?)-?\}\}[ \t]*\r?$/;
const OPENERS: ReadonlySet<string> = new Set(['if', 'range', 'with', 'define', 'block']);
const CONDITION = /^\s*(not\s+)?\.Values((?:\.\w+)+)\s*$/;

/** An open block: whether the branch that is read is kept, and whether one of its branches was. */
interface Block {
  kept: boolean;
  taken: boolean;
}

/**
 * Blanks the lines of all branches but one where a template has an `else`, as two of them would set a field twice.
 * Kept is the branch that the chart's own values choose, else the first. A block without `else` is always kept: what it
 * declares may be there. Line numbers stay the same.
 */
export function chooseBranches(text: string, chart: Loose): string {
  if (!/\{\{-?\s*else\b/.test(text)) return text;
  const lines = text.split('\n');
  const choices = findElse(lines);
  const open: Block[] = [];
  return lines.map((line, at) => (readLine(line, at, { open, choices, chart }) ? line : '')).join('\n');
}

interface Walk {
  readonly open: Block[];
  /** Lines of `if` that have an `else`. */
  readonly choices: ReadonlySet<number>;
  readonly chart: Loose;
}

/** Follows a line; returns whether it is kept. Directives are taken out later. */
function readLine(line: string, at: number, { open, choices, chart }: Walk): boolean {
  const [, word = '', rest = ''] = LINE.exec(line) ?? [];
  const block = open.at(-1);
  if (OPENERS.has(word)) {
    const kept = !choices.has(at) || holds(rest, chart);
    open.push({ kept, taken: kept });
  } else if (word === 'end') open.pop();
  else if (word === 'else' && block !== undefined) {
    block.kept = !block.taken && holds(/^\s*if\b(.*)$/.exec(rest)?.[1] ?? '', chart);
    block.taken ||= block.kept;
  }
  return open.every(({ kept }) => kept);
}

/** A condition that nobody can follow is taken to hold. */
function holds(condition: string, chart: Loose): boolean {
  return evaluateCondition(condition, chart) ?? true;
}

/**
 * True where a text has a choice that the values of the chart do not decide. A switch that is off decides nothing: what
 * asks for it is there only for those who turn it on.
 */
export function hasOpenChoice(text: string, chart: Loose): boolean {
  return text.split('\n').some((line) => {
    const [, word = '', rest = ''] = LINE.exec(line) ?? [];
    const condition = word === 'else' ? /^\s*if\b(.*)$/.exec(rest)?.[1] : word === 'end' ? undefined : rest;
    const opens = OPENERS.has(word) || word === 'else';
    return opens && condition !== undefined && !isDecided(condition, chart);
  });
}

function isDecided(condition: string, chart: Loose): boolean {
  const [, , path = ''] = CONDITION.exec(condition) ?? [];
  const value = path === '' ? undefined : readValue(chart, `Values${path}`);
  return value !== undefined && value !== false;
}

function findElse(lines: readonly string[]): ReadonlySet<number> {
  const choices = new Set<number>();
  const open: number[] = [];
  for (const [at, line] of lines.entries()) {
    const word = LINE.exec(line)?.[1] ?? '';
    const start = open.at(-1);
    if (OPENERS.has(word)) open.push(at);
    else if (word === 'end') open.pop();
    else if (word === 'else' && start !== undefined) choices.add(start);
  }
  return choices;
}
