import type { KeyReport } from '../../lambda/payloads.ts';
import { unbroken, wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { type Mark, marksOf } from './timeline-marks.ts';
import { relative } from './times.ts';

const WIDE = 80;
/** A longer line says no more. */
const LONGEST = 100;
const INDENT = '  ';
const GAP = 2;

/** The life of a key at a glance: to scale where there is room for it, else as a list. */
export function timeline(key: KeyReport, view: View): string[] {
  const marks = marksOf(key, view);
  if (marks.length === 0) return [];
  return view.columns < WIDE ? list(marks, view) : toScale(marks, view);
}

function toScale(marks: readonly Mark[], { columns }: View): string[] {
  const width = Math.min(columns, LONGEST) - INDENT.length;
  const scale = scaleOf(marks, width);
  const wanted = marks.map(scale);
  const sizes = wanted.map(() => 1);
  const places = spread(wanted, sizes, width);
  const today = places[marks.findIndex(({ kind }) => kind === 'today')] ?? 0;
  const line: string[] = Array.from({ length: width }, (_, at) => (at < today ? '━' : '─'));
  for (const [at, mark] of marks.entries()) line[places[at] ?? 0] = mark.paint(mark.glyph);
  return [INDENT + line.join(''), ...captions(marks, scale, width)];
}

type Scale = (mark: Mark) => number;

/** From the first mark, in column 0, to the last one. */
function scaleOf(marks: readonly Mark[], width: number): Scale {
  const times = marks.map(({ at }) => at.getTime());
  const first = Math.min(...times);
  const span = Math.max(...times) - first || 1;
  return ({ at }) => Math.round(((at.getTime() - first) / span) * (width - 1));
}

/** Where each starts: as wanted where there is room, and never over another one. */
function spread(wanted: readonly number[], sizes: readonly number[], width: number): number[] {
  let free = 0;
  let latest = width - sizes.reduce((sum, size) => sum + size);
  return wanted.map((want, at) => {
    const size = sizes[at] ?? 0;
    const pushed = Math.max(want, free);
    const start = Math.min(pushed, latest);
    free = pushed + size;
    latest += size;
    return start;
  });
}

/** Each below its mark where all of them fit on one line; those of a kind are one caption. */
function captions(marks: readonly Mark[], scale: Scale, width: number): string[] {
  const kinds = [...Map.groupBy(marks, ({ kind }) => kind).values()];
  const texts = kinds.map(captionOf);
  const sizes = texts.map((text) => text.length + GAP);
  if (sizes.reduce((sum, size) => sum + size) > width + GAP) {
    const flowing = texts.map((text) => unbroken(text + ' '.repeat(GAP - 1))).join(' ');
    return wrap(flowing, width + INDENT.length, INDENT).map((line) => line.trimEnd());
  }
  const wanted = kinds.map((alike) => Math.min(...alike.map(scale)));
  const starts = spread(wanted, sizes, width + GAP);
  return [INDENT + texts.reduce((line, text, at) => line.padEnd(starts[at] ?? 0) + text, '')];
}

function captionOf(alike: readonly Mark[]): string {
  const words = new Set(alike.map(({ glyph, label }) => `${glyph} ${label}`));
  const days = new Set(alike.filter(({ kind }) => kind !== 'today').map(dayOf));
  return [...words, [...days].join(', ')].join(' ').trimEnd();
}

function list(marks: readonly Mark[], { now }: View): string[] {
  const longest = Math.max(...marks.map(({ label }) => label.length));
  return marks.map((mark) => {
    const { kind, glyph, label, at, paint } = mark;
    const when = kind === 'today' ? dayOf(mark) : `${dayOf(mark)}, ${relative(at, now)}`;
    return `${INDENT}${paint(glyph)} ${label.padEnd(longest)}  ${when}`;
  });
}

const dayOf = ({ at }: Mark) => at.toISOString().slice(0, 10);
