import type { Violation } from '../proof.ts';
import { heapGrowth } from './heap.ts';
import { judge, shown } from './judge.ts';
import type { Family, Parser } from './parser.ts';
import { type Duration, quickest } from './stopwatch.ts';

/** Generous: what takes the processor longer, of whatever size, holds up a function or a person. */
export const boundOf = ({ boundMs = 250 }: Pick<Parser, 'boundMs'>) => boundMs;

export interface Climb {
  readonly inputs: number;
  readonly slowestMs: number;
  readonly heapMb: number;
  readonly violation?: Violation;
}

/**
 * Of ten times the input: in line with it that is ten, and up to forty where memory is short or
 * others are at work; with its square a hundred.
 */
const MOST_TIMES = 60;
/** Below it a ratio says nothing. */
const LEAST_MS = 20;
const MB = 2 ** 20;
/** A small one says nothing of the heap. */
const WEIGHED_FROM = 32_768;
/**
 * What one call may take of the heap, its garbage included: of a long list of what has no form,
 * zod tells a fault for each item.
 */
const heapBound = (size: number) => 64 + (120 * size) / MB;

/**
 * Small sizes come first and close together: an expression that goes back exponentially needs
 * seconds for 30 characters, and would never end with 64 KiB.
 */
function sizesUpTo(limit: number): number[] {
  const small = Array.from({ length: 17 }, (_, at) => 8 + 2 * at);
  const doubled = Array.from({ length: 8 }, (_, at) => 64 * 2 ** at);
  const sizes = [...small, ...doubled].filter((size) => size < limit / 10);
  return [...sizes, Math.floor(limit / 10), limit];
}

/** Gives a parser inputs of a family, each longer than the one before, up to its limit. */
export async function climb<Input>(parser: Parser<Input>, family: Family<Input>): Promise<Climb> {
  const bound = boundOf(parser);
  const sizes = sizesUpTo(parser.limit);
  let slowestMs = 0;
  let before: Duration = { cpuMs: 0, elapsedMs: 0 };
  for (const [at, size] of sizes.entries()) {
    const input = family.of(size);
    const isLast = at === sizes.length - 1;
    const measured =
      isLast && size >= WEIGHED_FROM ? await heapGrowth(() => judge(parser, input)) : undefined;
    const judged = measured?.result ?? (await judge(parser, input));
    const isSlow = (one: Duration) => one.cpuMs > bound || (isLast && isSteep(before, one));
    const took = await quickest(judged, () => judge(parser, input), isSlow);
    slowestMs = Math.max(slowestMs, took.cpuMs);
    const heapMb = measured?.mb ?? 0;
    const late =
      took.cpuMs > bound ? `it took ${told(took.cpuMs)} ms, more than ${bound}` : undefined;
    const complaint =
      judged.complaint ?? late ?? (isLast ? steepOrBig(before, took, heapMb, size) : undefined);
    const figures = { inputs: at + 1, slowestMs, heapMb };
    if (complaint !== undefined) {
      return { ...figures, violation: violationOf(parser, family, size, complaint) };
    }
    if (isLast) return figures;
    before = took;
  }
  return { inputs: 0, slowestMs, heapMb: 0 };
}

const isSteep = (before: Duration, { cpuMs, elapsedMs }: Duration) =>
  cpuMs > LEAST_MS && elapsedMs > MOST_TIMES * before.elapsedMs;

function steepOrBig(before: Duration, took: Duration, heapMb: number, size: number) {
  if (isSteep(before, took)) {
    return `it took ${told(took.elapsedMs)} ms, and ${before.elapsedMs.toFixed(2)} ms for a tenth of it`;
  }
  return heapMb > heapBound(size) ? `it took ${told(heapMb)} MB of the heap` : undefined;
}

const told = (amount: number) => String(Math.round(amount));

const violationOf = <Input>(
  parser: Parser<Input>,
  family: Family<Input>,
  size: number,
  complaint: string,
): Violation => ({
  promise: `${parser.name}: a typed answer within ${boundOf(parser)} ms, in time and memory that grow with the input`,
  how: `${complaint}\ninput: about ${size} characters, ${shown(family.name)}`,
});
