import { escapeCsv } from '../../lib/text/escape.ts';
import type { Put } from '../contract.ts';

/** Column name and what stands in it for one row. */
export type CsvColumn<Row> = readonly [name: string, cell: (row: Row) => string];

/** A table after RFC 4180: a header, then one line per row, each ending with CR LF. */
export function writeCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[], put: Put): void {
  const addLine = (cells: readonly string[]) => put(`${cells.map(escapeCsv).join(',')}\r\n`);
  addLine(columns.map(([name]) => name));
  for (const row of rows) addLine(columns.map(([, cell]) => cell(row)));
}
