const LINK = /https:\/\/[\w.~:/?#@%&=+-]*[\w/]/g;

/** A text as it is, whatever is in it: no markup, no link, no further line. */
export const escaped = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|~#&$]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\bwww)\./gi, '\\$&')
    .replace(/^([-+=]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));

/** The same for a sentence of ours, whose links stay links. */
export function prose(text: string): string {
  const links = text.match(LINK) ?? [];
  const between = text.split(LINK);
  return between
    .map((part, at) => {
      const link = links[at];
      return spaced(part) + (link === undefined ? '' : `<${link}>`);
    })
    .join('');
}

/** Spaces beside a link belong to the sentence. */
const spaced = (part: string) =>
  (/^\s/.test(part) ? ' ' : '') + escaped(part) + (/\S\s+$/.test(part) ? ' ' : '');

export const section = (title: string, ...blocks: readonly (readonly string[])[]): string[] => [
  '',
  `## ${title}`,
  ...blocks.filter((lines) => lines.length > 0).flatMap((lines) => ['', ...lines]),
];

export const bullets = (items: readonly string[]) => items.map((item) => `- ${item}`);

export const numbered = (items: readonly string[]) => items.map((item, at) => `${at + 1}. ${item}`);

/** Nothing where there are no rows. Cells are escaped already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
