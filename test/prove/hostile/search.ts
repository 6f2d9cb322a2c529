import * as fc from 'fast-check';
import type { Violation } from '../proof.ts';
import { boundOf, type Climb, climb } from './growth.ts';
import { judge, shown } from './judge.ts';
import type { Parser } from './parser.ts';
import { type Duration, quickest } from './stopwatch.ts';

export interface Searched {
  readonly parser: string;
  readonly inputs: number;
  readonly slowestMs: number;
  readonly heapMb: number;
  readonly violations: readonly Violation[];
}

export interface Effort {
  readonly seed: number;
  readonly runs: number;
  readonly families: number;
}

/** Searches one parser for an input that breaks it, and for a kind of input that it is too slow for. */
export async function search<Input>(parser: Parser<Input>, effort: Effort): Promise<Searched> {
  const found = await tryMany(parser, effort);
  const grown = await growMany(parser, effort);
  return {
    parser: parser.name,
    inputs: found.inputs + grown.inputs,
    slowestMs: Math.max(found.slowestMs, grown.slowestMs),
    heapMb: grown.heapMb,
    violations: [...found.violations, ...grown.violations],
  };
}

async function tryMany<Input>(parser: Parser<Input>, { seed, runs }: Effort) {
  let inputs = 0;
  let slowest: { readonly took: Duration; readonly input: Input } | undefined;
  const property = fc.asyncProperty(parser.inputs, async (input) => {
    inputs += 1;
    const { complaint, ...took } = await judge(parser, input);
    if (took.cpuMs > (slowest?.took.cpuMs ?? 0)) slowest = { took, input };
    if (complaint !== undefined) throw new Error(complaint);
  });
  const details = await fc.check(property, { seed, numRuns: runs });
  const violations: Violation[] = [];
  if (details.failed) {
    const [input] = details.counterexample ?? [];
    const complaint = (details.errorInstance as Error | null)?.message ?? '';
    const replay = `seed ${details.seed}, path ${details.counterexamplePath}`;
    violations.push({
      promise: `${parser.name}: a valid result or a typed error that tells no key`,
      how: `${complaint}\ninput: ${shown(input)}\nfound by ${replay}`,
    });
  }
  const slowestMs = slowest ? await again(parser, slowest.took, slowest.input) : 0;
  if (slowest && slowestMs > boundOf(parser)) {
    violations.push(slow(parser, slowestMs, slowest.input));
  }
  return { inputs, slowestMs, violations };
}

async function again<Input>(parser: Parser<Input>, first: Duration, input: Input): Promise<number> {
  const isSlow = ({ cpuMs }: Duration) => cpuMs > boundOf(parser);
  return (await quickest(first, () => judge(parser, input), isSlow)).cpuMs;
}

const slow = <Input>(parser: Parser<Input>, milliseconds: number, input: Input): Violation => ({
  promise: `${parser.name}: an answer within ${boundOf(parser)} ms`,
  how: `it took ${Math.round(milliseconds)} ms\ninput: ${shown(input)}`,
});

async function growMany<Input>(parser: Parser<Input>, { seed, families }: Effort) {
  const climbs: Climb[] = [];
  for (const family of fc.sample(parser.families, { seed, numRuns: families })) {
    climbs.push(await climb(parser, family));
  }
  return {
    inputs: climbs.reduce((sum, { inputs }) => sum + inputs, 0),
    slowestMs: Math.max(0, ...climbs.map(({ slowestMs }) => slowestMs)),
    heapMb: Math.max(0, ...climbs.map(({ heapMb }) => heapMb)),
    violations: climbs.flatMap(({ violation }) => violation ?? []).slice(0, 3),
  };
}
