/** A table in a page, of what the plug-ins of a kind say of themselves. */
interface PageTable {
  /** From the root. */
  readonly page: string;
  readonly kind: string;
  /** Heads of the columns for the id and for the title. */
  readonly columns: readonly [string, string];
}

/** What such a table shows of a plug-in. */
interface Titled {
  readonly id: string;
  readonly title: string;
}

/** Tables that `npm run generate` writes into pages, so that a new plug-in is listed without anybody's hand. */
export const PAGE_TABLES: readonly PageTable[] = [
  { page: 'docs/reports.md', kind: 'reporter', columns: ['format', 'what it is'] },
  { page: 'src/correlate/README.md', kind: 'join', columns: ['file', 'joins'] },
  { page: 'src/correlate/README.md', kind: 'credential-reader', columns: ['file', 'reads'] },
  { page: 'src/outputs/README.md', kind: 'output', columns: ['type', 'what it sends'] },
];

/** A page with its table anew: between two comments, one row for each plug-in, by name. */
export function renderPage(text: string, { page, kind, columns }: PageTable, plugins: readonly Titled[]): string {
  const [start, end] = [
    `<!-- Each ${kind} by its title, written by "npm run generate": -->`,
    `<!-- End of the ${kind}s -->`,
  ];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} lacks the lines ${start} and ${end}`);
  const rows = [...plugins]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, title }) => `| \`${id}\` | ${title.replaceAll('|', '\\|')} |`);
  const table = [`| ${columns.join(' | ')} |`, '|---|---|', ...rows];
  return [text.slice(0, from) + start, '', ...table, '', text.slice(to)].join('\n');
}
