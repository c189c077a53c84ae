import ts from 'typescript';
import { describe, expect, it, test } from 'vitest';
import { readTree, type Tree } from '../../src/detect/analyse/tree.ts';
import { hostileWindows } from '../rules/hostile-windows.ts';
import { compileTree, StepCounter } from '../rules/step-counter.ts';
import { readSources } from './source-files.ts';

/** Characters of a text for the step counter, and steps for each of them that a look at one place may take. */
const WINDOW = 256;
const STEPS_PER_CHARACTER = 100;
const PLACES = [0, 1, 2, 5, 21];

/** Characters of a text for the engine, and milliseconds that a whole search may take: linear ones take less than ten. */
const TEXT = 20_000;
const LONGEST_SEARCH = 400;
/** Texts that are tried with each expression. */
const MOST_TEXTS = 30;

/** Rounds of a repetition that a window can hold. */
const MOST_ROUNDS = 300;

interface Expression {
  readonly place: string;
  readonly pattern: string;
  readonly flags: string;
}

/** Every expression in the sources that ship, with its place. */
function listExpressions(): Expression[] {
  const shipped = readSources('src').filter(({ path }) => !path.startsWith('src/build/'));
  return shipped.flatMap(({ path, text }) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return [...literalsOf(file)].map(({ node, pattern, flags }) => {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      return { place: `${path}:${line}`, pattern, flags };
    });
  });
}

function* literalsOf(node: ts.Node): Generator<{ node: ts.Node; pattern: string; flags: string }> {
  const [, pattern, flags = ''] = (ts.isRegularExpressionLiteral(node) && /^\/(.*)\/([a-z]*)$/s.exec(node.text)) || [];
  if (pattern !== undefined) yield { node, pattern, flags };
  const [argument] = ts.isNewExpression(node) && node.expression.getText() === 'RegExp' ? (node.arguments ?? []) : [];
  if (argument !== undefined && ts.isStringLiteralLike(argument)) yield { node, pattern: argument.text, flags: '' };
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* literalsOf(child);
}

/** Endless repetitions take as many rounds as a window holds. */
function bound(tree: Tree): Tree {
  if (tree.kind === 'sequence') return { ...tree, parts: tree.parts.map(bound) };
  if (tree.kind === 'choice') return { ...tree, options: tree.options.map(bound) };
  if (tree.kind === 'group' || tree.kind === 'look') return { ...tree, part: bound(tree.part) };
  if (tree.kind !== 'repeat') return tree;
  const [min, max] = [Math.min(tree.min, MOST_ROUNDS), Math.min(tree.max, MOST_ROUNDS)];
  return { ...tree, min, max, part: bound(tree.part) };
}

/** Most steps for each character that one look takes. Edges always hold here, so it may count more than there are. */
function countSteps(tree: Tree): number {
  const program = compileTree(tree);
  let most = 0;
  for (const bytes of hostileWindows(tree, WINDOW)) {
    for (const place of PLACES) {
      const counter = new StepCounter(STEPS_PER_CHARACTER * WINDOW);
      counter.matches(program, bytes, place);
      most = Math.max(most, counter.steps);
    }
  }
  return most / WINDOW;
}

/** Long texts that begin as the windows do, and such that begin again and again and never end. */
function* hostileTexts(tree: Tree): Generator<string> {
  const seen = new Set<string>();
  for (const bytes of hostileWindows(tree, TEXT)) {
    const text = Buffer.from(bytes).toString('latin1');
    // What comes before the repetition stands at the start: it alone, repeated, opens what nothing closes.
    for (const size of [0, 1, 2, 3, 4, 6, 8]) {
      const whole = size === 0 ? text : text.slice(0, size).repeat(TEXT / size);
      const head = whole.slice(0, 200);
      if (seen.has(head) || seen.size >= MOST_TEXTS) continue;
      seen.add(head);
      yield whole;
    }
  }
}

/** Milliseconds that a search through a whole text takes. */
function search(expression: RegExp, text: string): number {
  const start = performance.now();
  for (const match of text.matchAll(expression)) if (match.index > TEXT) break;
  return performance.now() - start;
}

/** Milliseconds that the engine takes for the worst text, and how that begins. */
function searchSlowly({ pattern, flags }: Expression, tree: Tree): { readonly took: number; readonly text: string } {
  const expression = new RegExp(pattern, flags.includes('g') ? flags : `${flags}g`);
  let worst = { took: 0, text: '' };
  for (const text of hostileTexts(tree)) {
    // The machine may have been busy: only what is slow again counts.
    const took = Math.min(...[1, 2].map(() => search(expression, text)));
    if (took > worst.took) worst = { took, text: text.slice(0, 40) };
    if (took > LONGEST_SEARCH) return worst;
  }
  return worst;
}

describe('expressions of the sources take linear time on hostile texts', () => {
  const expressions = listExpressions();

  it('are found', () => expect(expressions.length).toBeGreaterThan(800));

  test.each(expressions.filter(({ flags }) => !/[uv]/.test(flags)).map((found) => [found.place, found] as const))(
    '%s',
    async (place, expression) => {
      const tree = bound(await readTree(expression.pattern, expression.flags.includes('i')));
      const steps = countSteps(tree);
      expect(steps, `${place}: more than ${STEPS_PER_CHARACTER} steps for each character`).toBeLessThan(
        STEPS_PER_CHARACTER,
      );
      const { took, text } = searchSlowly(expression, tree);
      expect(
        took,
        `${place} takes ${took} ms for ${TEXT} characters that begin with ${JSON.stringify(text)}`,
      ).toBeLessThan(LONGEST_SEARCH);
    },
  );
});
