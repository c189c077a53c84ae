import { type Expression, readExpression } from './expression.ts';
import { callFunction } from './functions.ts';
import { follow, isOpen, NAMELESS, nameOfOpen, open, ROOT, type Scope } from './scope.ts';

/** What a directive gives: a value of the chart, undefined for an empty one, or an open one. */
export function evaluate(directive: string, scope: Scope, asked = false): unknown {
  scope.budget.left -= 1;
  const read = scope.budget.left > 0 ? readExpression(directive) : undefined;
  const value = read === undefined ? undefined : valueIn(read, scope, asked);
  const nameless = isOpen(value) && nameOfOpen(value) === NAMELESS;
  return read === undefined || nameless ? open(nameIn(directive)) : value;
}

function valueIn(expression: Expression, scope: Scope, asked: boolean): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path': {
      const { root, keys } = expression;
      return follow(startOf(root, scope), keys, scope, asked);
    }
    case 'field':
      return follow(valueIn(expression.of, scope, asked), expression.keys, scope, asked);
    case 'call':
      return call(expression.name, expression.args, scope, asked);
  }
}

function startOf(root: string, { dot, variables }: Scope): unknown {
  if (root === '') return dot;
  if (root === '$') return ROOT;
  return variables.has(root) ? variables.get(root) : open(root.slice(1));
}

function call(name: string, args: readonly Expression[], scope: Scope, asked: boolean): unknown {
  if (name === 'include' || name === 'template') {
    const [helper, dot] = args.map((arg) => valueIn(arg, scope, false));
    return typeof helper === 'string' ? scope.include(helper, dot, scope) : open(NAMELESS);
  }
  if (args.length === 0) return open(name);
  // What a switch falls back to is no switch.
  const asks = asked && name !== 'default' && name !== 'coalesce';
  return callFunction(
    name,
    args.map((arg) => valueIn(arg, scope, asks)),
  );
}

const QUOTED = /["']([\w./-]+)["']/;
const PATH = /\.(\w+(?:\.\w+)+)/;
const WORD = /([A-Za-z_]\w*(?:\.\w+)*)/;

/** The name of what a directive writes, for one that nobody can follow. */
export function nameIn(directive: string): string {
  return (QUOTED.exec(directive) ?? PATH.exec(directive) ?? WORD.exec(directive))?.[1] ?? NAMELESS;
}
