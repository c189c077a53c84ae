import type { AST } from '@eslint-community/regexpp';

/** What the loader needs to know of a pattern. */
export interface PatternShape {
  readonly groups: readonly string[];
  /** Source text of quantifiers without an upper end. */
  readonly unbounded: readonly string[];
  readonly backreferences: readonly string[];
  /** Characters above U+007F as written: the text is latin-1 bytes, so they would never mean what they say. */
  readonly foreign: readonly string[];
  /** Length in bytes of the longest run of fixed bytes that every match holds. */
  readonly literalLength: number;
}

const CLASS_MOST = 16;

/** Reads a pattern's shape. Throws the parser's `SyntaxError`. */
export async function readPatternShape(pattern: string): Promise<PatternShape> {
  const { RegExpParser, visitRegExpAST } = await import('@eslint-community/regexpp');
  const tree = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(pattern);
  const shape = {
    groups: [] as string[],
    unbounded: [] as string[],
    backreferences: [] as string[],
    foreign: [] as string[],
  };
  visitRegExpAST(tree, {
    onCapturingGroupEnter: (node) => {
      if (node.name !== null) shape.groups.push(node.name);
    },
    onQuantifierEnter: (node) => {
      if (node.max === Number.POSITIVE_INFINITY) shape.unbounded.push(node.raw);
    },
    onBackreferenceEnter: (node) => {
      shape.backreferences.push(node.raw);
    },
    onCharacterEnter: (node) => {
      if (node.value > 0xff || /[^\x00-\x7f]/.test(node.raw)) shape.foreign.push(node.raw);
    },
  });
  return { ...shape, literalLength: Math.max(0, longestOfAny(tree.alternatives)) };
}

/** Fixed bytes at both ends of a node and the longest run inside; `whole` when nothing but fixed bytes is in it. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly best: number;
  readonly whole: boolean;
}

const NOTHING: Run = { start: 0, end: 0, best: 0, whole: true };
const BREAK: Run = { start: 0, end: 0, best: 0, whole: false };

function longestOfAny(alternatives: readonly AST.Alternative[]): number {
  return Math.min(...alternatives.map((alternative) => runOfSequence(alternative).best));
}

function runOfSequence(alternative: AST.Alternative): Run {
  let run = NOTHING;
  for (const element of alternative.elements) run = join(run, runOf(element));
  return run;
}

function join(a: Run, b: Run): Run {
  return {
    start: a.whole ? a.start + b.start : a.start,
    end: b.whole ? a.end + b.end : b.end,
    best: Math.max(a.best, b.best, a.end + b.start),
    whole: a.whole && b.whole,
  };
}

function runOf(element: AST.Element): Run {
  if (element.type === 'Character') return { start: 1, end: 1, best: 1, whole: true };
  if (element.type === 'CharacterClass') return isSmall(element) ? { start: 1, end: 1, best: 1, whole: true } : BREAK;
  if (element.type === 'Assertion') return NOTHING;
  if (element.type === 'Group' || element.type === 'CapturingGroup') return runOfGroup(element.alternatives);
  return element.type === 'Quantifier' ? runOfQuantifier(element) : BREAK;
}

function runOfGroup(alternatives: readonly AST.Alternative[]): Run {
  const runs = alternatives.map(runOfSequence);
  const first = runs[0] ?? NOTHING;
  if (runs.length === 1) return first;
  const least = (pick: (run: Run) => number): number => Math.min(...runs.map(pick));
  const whole = runs.every((run) => run.whole && run.start === first.start);
  return { start: least((run) => run.start), end: least((run) => run.end), best: least((run) => run.best), whole };
}

function runOfQuantifier(node: AST.Quantifier): Run {
  if (node.min === 0) return BREAK;
  const once = runOf(node.element);
  let run = once;
  for (let count = 1; count < Math.min(node.min, CLASS_MOST); count++) run = join(run, once);
  return node.min === node.max ? run : { ...run, whole: false };
}

function isSmall(node: AST.CharacterClass): boolean {
  if (node.negate) return false;
  let size = 0;
  for (const element of node.elements) {
    if (element.type === 'Character') size += 1;
    else if (element.type === 'CharacterClassRange') size += element.max.value - element.min.value + 1;
    else return false;
  }
  return size <= CLASS_MOST;
}
