import { escapeCsv } from './escape.ts';

/** Column name and what stands in it for one row. */
export type CsvColumn<Row> = readonly [name: string, cell: (row: Row) => string];

/** A table after RFC 4180: a header, then one line per row, each ending with CR LF. */
export function renderCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const header = columns.map(([name]) => escapeCsv(name));
  const lines = rows.map((row) => columns.map(([, cell]) => escapeCsv(cell(row))));
  return `${[header, ...lines].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
