import { amplitude } from '../../../lambda/adapters/amplitude.ts';
import type { Outcome, Proof, ProofOptions } from '../proof.ts';
import { PARSERS } from './parsers.ts';
import { type Searched, search } from './search.ts';
import { garbage } from './vendor/garbage.ts';
import { searchPromotions, searchRetirements } from './vendor/search-rotations.ts';
import { searchAnswers, searchGarbage } from './vendor/search-vendor.ts';
import type { VendorOf } from './vendor/trial.ts';

const RUNS = { short: 120, long: 5_000 } as const;
const FAMILIES = { short: 2, long: 30 } as const;
const ANSWERS = { short: 400, long: 10_000 } as const;

export const hostile: Proof = {
  name: 'hostile',
  about: 'input that is cut, huge, of wrong types or meant to harm: a typed error each time',
  async run(options): Promise<Outcome> {
    const parsers = await searchParsers(options);
    const answers = await searchAmplitude(options);
    const searched = [...parsers, ...answers];
    const inputs = sum(searched.map((one) => one.inputs));
    const slowest = most(parsers, ({ slowestMs }) => slowestMs);
    const longest = most(answers, ({ slowestMs }) => slowestMs);
    const biggest = most(searched, ({ heapMb }) => heapMb);
    const violations = searched.flatMap((one) => one.violations);
    const slowestMs = Math.round(slowest.slowestMs);
    const longestMs = Math.round(longest.slowestMs);
    const heapMb = Math.round(biggest.heapMb);
    return {
      summary: `${inputs} hostile inputs at ${searched.length} parsers, ${violations.length} violations; slowest ${slowestMs} ms of the processor (${slowest.parser}), longest question to Amplitude ${longestMs} ms, most heap ${heapMb} MB (${biggest.parser})`,
      figures: {
        inputs,
        parsers: searched.length,
        slowest_cpu_ms: slowestMs,
        longest_question_ms: longestMs,
        most_heap_mb: heapMb,
        ...Object.fromEntries(searched.flatMap(figuresOf)),
      },
      violations,
    };
  },
};

const figuresOf = ({ parser, inputs, slowestMs }: Searched): [string, number][] => {
  const name = parser
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .replace(/^_/, '');
  return [
    [`${name}_inputs`, inputs],
    [`${name}_slowest_ms`, Math.round(slowestMs)],
  ];
};

const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

const most = (searched: readonly Searched[], of: (one: Searched) => number) =>
  searched.reduce((one, other) => (of(other) > of(one) ? other : one));

async function searchParsers({ seed, size, progress }: ProofOptions): Promise<Searched[]> {
  const searched: Searched[] = [];
  for (const open of PARSERS) {
    const parser = await open();
    progress(parser.name);
    const runs = (parser.runs ?? RUNS)[size];
    const families = (parser.climbs ?? FAMILIES)[size];
    searched.push(await search(parser, { seed, runs, families }));
    await parser.close?.();
  }
  return searched;
}

/** As the functions ask, but for the patience. */
const vendorOf: VendorOf = ({ endpoints }, timeoutMs) =>
  amplitude({ dataResidency: 'US', endpoints, timeoutMs, backoffMs: 0 });

async function searchAmplitude({ seed, size, progress }: ProofOptions): Promise<Searched[]> {
  progress("Amplitude's answers");
  const answers = await searchAnswers(vendorOf, { seed, runs: ANSWERS[size] });
  progress("what isn't Amplitude's answer");
  const moods = garbage();
  const some = size === 'long' ? moods : moods.filter((_, at) => at % 12 === seed % 12);
  const foreign = await searchGarbage(vendorOf, { moods, size });
  const promotions = await searchPromotions(some);
  const retirements = await searchRetirements(some);
  const driven = [
    { parser: 'garbage while a key rotates', heapMb: 0, ...promotions },
    { parser: 'garbage before a key retires', heapMb: 0, ...retirements },
  ];
  return [answers, foreign, ...driven];
}
