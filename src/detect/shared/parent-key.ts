/** How many lines up the parent of a key is looked for. Checks see 512 bytes. */
const MOST_LINES = 24;
/** `action:`, `Action: &v1.Action{`, `"action": {`, `'action' => array(`, `action {`: a line that opens a block. */
const OPENS =
  /(?:^|[\s"'`({,-])([A-Za-z_$][\w$.-]{0,60})["'`]?[ \t]{0,4}(?:(?:=>|:=|:|=)[ \t]{0,4}[^\s:={]{0,60}[{[(]|:(?:[ \t]{1,4}[&!|>][^\s]{0,40})?|\{)$/;
const COMMENT = /^[ \t]{0,80}(?:#|\/\/)/;
/** The same on the key's own line: `"action": {"pass": "`. */
const OPENS_HERE = /([A-Za-z_$][\w$.-]{0,60})["'`]?[ \t]{0,4}(?:=>|:=|:|=)[ \t]{0,4}[^\s:={]{0,60}\{[^{}]{0,120}$/;

const EXAMPLE = /^[ \t]*(?:-[ \t]+){0,3}["']?examples?["']?[ \t]{0,4}:[ \t]*[{[]?$/i;

/**
 * Reads the key that holds the key before a value: `action` for `pass` in `action: { pass: x }` and on lines of less
 * indentation above. Undefined where the text before does not show it.
 */
export function readParentKey(before: string): string | undefined {
  const written = before.split(/\r?\n/).slice(-MOST_LINES - 1);
  // Within a comment, the lines that are commented as well.
  const mark = COMMENT.exec(written.at(-1) ?? '')?.[0];
  const isBeside = (line: string): boolean => mark !== undefined && line.startsWith(mark);
  const lines = mark === undefined ? written : written.filter(isBeside).map((line) => line.slice(mark.length));
  const own = lines.pop() ?? '';
  const here = OPENS_HERE.exec(own)?.[1];
  if (here !== undefined) return here;
  const width = keyColumn(own);
  for (const line of lines.reverse()) {
    const text = line.trim();
    if (text === '' || /^(?:#|\/\/)/.test(text) || keyColumn(line) >= width) continue;
    return OPENS.exec(text)?.[1];
  }
  return undefined;
}

/** True where a key above a value, on a line of less indentation, is `example` or `examples`: a manual of an API. */
export function isInExample(before: string): boolean {
  const lines = before.split(/\r?\n/).slice(-MOST_LINES - 1);
  let width = keyColumn(lines.pop() ?? '');
  for (const line of lines.reverse()) {
    if (line.trim() === '' || keyColumn(line) >= width) continue;
    if (EXAMPLE.test(line)) return true;
    width = keyColumn(line);
  }
  return false;
}

/** The column where the key of a line begins, behind the dash of a YAML list. */
function keyColumn(line: string): number {
  return /^[ \t]*(?:-[ \t]+){0,3}/.exec(line)?.[0].length ?? 0;
}
