/** Results as text for people. */

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader has to know to read it right. */
  readonly notes: readonly string[];
}

const widthsOf = ({ columns, rows }: Table): number[] =>
  columns.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));

/** Names to the left, numbers to the right. */
const line = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
    .join('  ');

export const renderTable = (table: Table): string => {
  const widths = widthsOf(table);
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const body = table.rows.map((row) => line(row, widths));
  const notes = table.notes.map((note) => `  ${note}`);
  return [`\n${table.title}`, line(table.columns, widths), rule, ...body, ...notes].join('\n');
};
