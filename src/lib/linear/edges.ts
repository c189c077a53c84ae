import type { Edge } from './program.ts';

/** Whether a condition holds at a place of a text. */
export function holdsEdge(edge: Edge, text: string, at: number): boolean {
  switch (edge) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    default:
      return (isWord(text, at - 1) !== isWord(text, at)) === (edge === 'word');
  }
}

/** `\w` of JavaScript without the flags `u` and `i` together: ASCII only. */
function isWord(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false;
  const unit = text.charCodeAt(at);
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122);
}
