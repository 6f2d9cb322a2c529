/** A spreadsheet would take such a cell for a formula, and run it. */
const FORMULA = /^[=+\-@]/;

/** RFC 4180, whose lines end in CR LF: the CR is here, the LF comes between lines as in any output. */
export function csv(rows: readonly (readonly string[])[]): string[] {
  return rows.map((cells) => `${cells.map(cellOf).join(',')}\r`);
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
