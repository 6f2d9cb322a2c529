import { stripVTControlCharacters } from 'node:util';
import type { View } from './terminal.ts';

/** A command stays on one line, whatever the width, so that it can be copied. */
const OPTIONS = /(?: --[a-z-]+ (?:"[^"]*"|[^\s,;)]*[^\s,.;:)]))*/.source;
const COMMAND = new RegExp(
  `npx keyctl (?:quarantine (?:list|release(?: [\\da-f]{8})?)|[a-z]+)${OPTIONS}|npm run cost --${OPTIONS}|npx cdk deploy \\S+|aws [a-z-]+ [a-z-]+(?: /\\S+)?${OPTIONS}(?: --force-new-deployment)?`,
  'g',
);
const GLUE = '\u00a0';

/** Words that stay on one line when they are wrapped. */
export const unbroken = (text: string) => text.replaceAll(' ', GLUE);

const widthOf = (text: string) => stripVTControlCharacters(text).length;

/** Breaks at spaces; lines after the first are indented by `hanging` more. */
export function wrap(text: string, columns: number, indent = '', hanging = ''): string[] {
  const glued = text.replace(COMMAND, unbroken);
  const lines: string[] = [];
  let line = '';
  for (const word of glued.split(' ')) {
    const start = lines.length === 0 ? indent : indent + hanging;
    const longer = line === '' ? start + word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = indent + hanging + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].map((each) => each.replaceAll(GLUE, ' '));
}

const GAP = '  ';

export interface Row {
  readonly cells: readonly string[];
  /** Printed below the row. */
  readonly note?: string;
}

/** Columns where they fit; else `narrow` for each row, by default a block with two cells as title. */
export function table(
  head: readonly string[],
  rows: readonly Row[],
  { columns, paint }: View,
  narrow = (row: Row) => block(head, row, columns, paint.dim),
): string[] {
  const widths = head.map((name, at) =>
    rows.reduce((most, { cells }) => Math.max(most, widthOf(cells[at] ?? '')), widthOf(name)),
  );
  const total = widths.reduce((sum, width) => sum + GAP.length + width, 0);
  if (total > columns) return rows.flatMap(narrow);
  const line = (cells: readonly string[]) =>
    (GAP + cells.map((cell, at) => pad(cell, widths[at] ?? 0)).join(GAP)).trimEnd();
  const below = GAP + ' '.repeat(widths[0] ?? 0) + GAP;
  return [
    line(head.map((name) => paint.dim(name))),
    ...rows.flatMap(({ cells, note }) => [
      line(cells),
      ...(note ? wrap(note, columns, below).map(paint.dim) : []),
    ]),
  ];
}

const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)));

function block(
  head: readonly string[],
  { cells: [first = '', second = '', ...others], note }: Row,
  columns: number,
  dim: (text: string) => string,
): string[] {
  const names = head.slice(2).map((name) => name.toLowerCase());
  const width = Math.max(0, ...names.map(widthOf));
  const hanging = ' '.repeat(width + GAP.length);
  const details = others.flatMap((cell, at) => {
    if (cell === '') return [];
    const name = unbroken(dim(pad(names[at] ?? '', width) + GAP));
    return wrap(name + cell, columns, GAP + GAP, hanging);
  });
  const below = note ? wrap(note, columns, GAP + GAP, GAP).map(dim) : [];
  return [`${GAP}${first}${GAP}${second}`.trimEnd(), ...details, ...below];
}
