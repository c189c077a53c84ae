/** What stands between a heading of a page and the next one. */
export function readSection(page: string, heading: string): string {
  const after = page.split(new RegExp(`^#+ ${heading}$`, 'm'))[1];
  if (after === undefined) throw new Error(`The page has no heading "${heading}".`);
  return after.split(/^#+ /m)[0] ?? '';
}

/** Every name in the first column of a table, sorted. A cell may hold several. */
export function readColumn(text: string): string[] {
  const cells = [...text.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)).sort();
}

/** The first two columns of a table, in its order. */
export function readRows(text: string): string[][] {
  return [...text.matchAll(/^\| `(.*?)` \| (.*?) \|/gm)].map(([, name = '', value = '']) => [name, value]);
}
